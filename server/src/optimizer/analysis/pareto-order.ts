/**
 * The best `size` of some items with several losses, best first: by non-domination rank (Deb et al., NSGA-II, 2002);
 * a rank that does not fit whole is thinned so that the chosen lie far apart, its extremes first. Equal losses share a
 * rank. Independent of the order of `items`, which need to be different; no loss is NaN.
 */
export function paretoOrder(
  items: readonly number[],
  lossesOf: (item: number) => readonly number[],
  size: number,
): number[] {
  const losses = new Map(items.map((item) => [item, lossesOf(item)]));
  const at = (item: number): readonly number[] => losses.get(item)!;
  // In lexicographic order nothing is dominated by what comes after it.
  let rest = [...items].sort((a, b) => lexicographic(at(a), at(b)) || a - b);
  const chosen: number[] = [];
  while (chosen.length < size && rest.length > 0) {
    const front: number[] = [];
    const later: number[] = [];
    for (const item of rest) {
      if (front.some((other) => dominates(at(other), at(item)))) later.push(item);
      else front.push(item);
    }
    const room = size - chosen.length;
    chosen.push(...(front.length <= room ? front : spread(front, at, room)));
    rest = later;
  }
  return chosen;
}

/** Whether a is nowhere worse than b and somewhere better. */
export function dominates(a: readonly number[], b: readonly number[]): boolean {
  let isBetter = false;
  for (let i = 0; i < a.length; i++) {
    if (a[i]! > b[i]!) return false;
    if (a[i]! < b[i]!) isBetter = true;
  }
  return isBetter;
}

function lexicographic(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! < b[i]! ? -1 : 1;
  return 0;
}

/** `count` items of a front: the best in each loss, then again and again the one farthest from all chosen ones. */
function spread(front: readonly number[], at: (item: number) => readonly number[], count: number): number[] {
  const width = at(front[0]!).length;
  const scaled = front.map((item) => [...at(item)]);
  for (let i = 0; i < width; i++) {
    const finite = scaled.map((row) => row[i]!).filter(Number.isFinite);
    const low = Math.min(...finite);
    const range = Math.max(...finite) - low || 1;
    // An infinite loss stands one range beyond the finite ones.
    for (const row of scaled)
      row[i] = Number.isFinite(row[i]!) ? (row[i]! - low) / range : row[i]! < 0 ? -1 : 2;
  }
  const chosen = new Set<number>();
  const nearest = new Float64Array(front.length).fill(Infinity);
  const choose = (position: number): void => {
    chosen.add(position);
    for (let other = 0; other < front.length; other++) {
      let distance = 0;
      for (let i = 0; i < width; i++) distance += (scaled[other]![i]! - scaled[position]![i]!) ** 2;
      nearest[other] = Math.min(nearest[other]!, distance);
    }
  };
  const positions = front.map((_, position) => position);
  for (let i = 0; i < width && chosen.size < count; i++) {
    choose(
      positions.reduce((best, position) => (scaled[position]![i]! < scaled[best]![i]! ? position : best)),
    );
  }
  while (chosen.size < count) {
    const free = positions.filter((position) => !chosen.has(position));
    choose(free.reduce((best, position) => (nearest[position]! > nearest[best]! ? position : best)));
  }
  return [...chosen].map((position) => front[position]!);
}
