/**
 * The index of the point nearest to a place on the screen, within a radius; -1 if there is none. Reads every point: 100,000
 * take about a millisecond, less than building and keeping an index that every new trial would spoil.
 */
export function nearestPoint(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  toX: (value: number) => number,
  toY: (value: number) => number,
  at: readonly [number, number],
  radius = 24,
): number {
  let nearest = -1;
  let least = radius * radius;
  for (let i = 0; i < x.length; i++) {
    const dx = toX(x[i] ?? NaN) - at[0];
    if (dx > radius || dx < -radius) continue;
    const dy = toY(y[i] ?? NaN) - at[1];
    const distance = dx * dx + dy * dy;
    if (distance > least) continue;
    least = distance;
    nearest = i;
  }
  return nearest;
}

/** The index of the polyline nearest to a place, measured at the place's own x between its neighbours; -1 beyond the radius. */
export function nearestCurve(
  curves: readonly { readonly x: ArrayLike<number>; readonly y: ArrayLike<number> }[],
  toX: (value: number) => number,
  toY: (value: number) => number,
  at: readonly [number, number],
  radius = 24,
): number {
  let nearest = -1;
  let least = radius;
  for (const [index, { x, y }] of curves.entries()) {
    for (let i = 0; i < x.length; i++) {
      const x1 = toX(x[i] ?? NaN);
      const y1 = toY(y[i] ?? NaN);
      const x0 = i === 0 ? x1 : toX(x[i - 1] ?? NaN);
      const y0 = i === 0 ? y1 : toY(y[i - 1] ?? NaN);
      const distance = toSegment(at[0], at[1], x0, y0, x1, y1);
      if (distance >= least) continue;
      least = distance;
      nearest = index;
    }
  }
  return nearest;
}

function toSegment(px: number, py: number, x0: number, y0: number, x1: number, y1: number): number {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const length = dx * dx + dy * dy;
  const share = length === 0 ? 0 : Math.max(0, Math.min(1, ((px - x0) * dx + (py - y0) * dy) / length));
  return Math.hypot(px - x0 - share * dx, py - y0 - share * dy);
}
