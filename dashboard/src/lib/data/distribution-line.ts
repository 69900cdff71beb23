import type { ProgressLine } from "./compare-studies.ts";

/**
 * The share of trials that are at least as good as each value, as a line of steps from left to right.
 * @param values best first, with the share of trials at least as good as each
 * @param sign 1 when smaller is better, -1 when larger is
 */
export function distributionSteps(
  values: readonly number[],
  shares: readonly number[],
  sign: 1 | -1,
): ProgressLine {
  const end = (sign === 1 ? values.at(-1) : values[0]) ?? 0;
  if (sign === 1) return { x: [...values], y: [...shares], end };
  // From the worst on, each value passed leaves the share of those that are better.
  const x = values.toReversed();
  const y = [...shares.slice(0, -1).toReversed(), 0];
  return x.length === 0 ? { x, y: [], end } : { x: [x[0] ?? 0, ...x], y: [1, ...y], end };
}
