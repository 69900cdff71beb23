/**
 * How many of the ended trials a fit sees: after each of the first ones, then ever more rarely (a twelfth to a sixth of their number
 * apart). By their number alone, so that every replica and every replay fits the same.
 */
export function stageOf(ended: number): number {
  const step = 2 ** Math.max(0, Math.floor(Math.log2(ended / 12)));
  return ended - (ended % step);
}
