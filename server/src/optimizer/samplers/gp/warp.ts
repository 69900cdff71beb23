import { normalQuantile } from "../../numerics/normal-distribution.ts";

/** How losses become targets. */
export type Warp = "half-rank" | "rank" | "plain" | "vizier";

/**
 * Targets of mean 0 and deviation 1 from losses in any order, smaller is better; Infinity marks trials that gave no loss, which
 * come out worse than all others. `half-rank`, after Vizier (arXiv:2408.11527): the better half keeps its values, the
 * worse half gets those that its ranks would have in a normal distribution as wide as the better half. `vizier` compresses
 * the result logarithmically to a range of 1 about a mean of 0.
 */
export function warpLosses(losses: Float64Array, warp: Warp): Float64Array {
  const n = losses.length;
  const order = Array.from({ length: n }, (_, i) => i).sort(
    (a, b) => compare(losses[a]!, losses[b]!) || a - b,
  );
  const ranks = new Float64Array(n); // ties share the mean of their ranks
  for (let first = 0; first < n;) {
    let end = first + 1;
    while (end < n && losses[order[end]!] === losses[order[first]!]) end++;
    for (let i = first; i < end; i++) ranks[order[i]!] = (first + end - 1) / 2;
    first = end;
  }
  const scores = ranks.map((rank) => normalQuantile((rank + 0.5) / n));
  const finite = order.filter((i) => losses[i]! < Infinity);
  let targets: Float64Array = scores;
  if (warp === "plain" && finite.length > 1) targets = plain(losses, finite);
  if (warp !== "rank" && warp !== "plain" && finite.length > 1)
    targets = halfRank(losses, scores, order, finite);
  const usable = targets.every(Number.isFinite) ? targets : scores;
  return warp === "vizier" ? compress(usable) : standardise(usable);
}

const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);

function halfRank(
  losses: Float64Array,
  scores: Float64Array,
  order: readonly number[],
  finite: readonly number[],
): Float64Array {
  const middle = Math.min(Math.ceil(order.length / 2), finite.length) - 1;
  const median = losses[order[middle]!]!;
  let spread = 0;
  for (let i = 0; i <= middle; i++) spread += (losses[order[i]!]! - median) ** 2;
  spread = Math.sqrt(spread / (middle + 1));
  if (!(spread > 0) || !Number.isFinite(spread)) return scores;
  const base = scores[order[middle]!]!;
  return losses.map((loss, i) =>
    loss <= median ? (loss - median) / spread : Math.max(0, scores[i]! - base),
  );
}

/** The values themselves; trials without one a tenth of the range beyond the worst. */
function plain(losses: Float64Array, finite: readonly number[]): Float64Array {
  const best = losses[finite[0]!]!;
  const worst = losses[finite[finite.length - 1]!]!;
  return losses.map((loss) =>
    loss < Infinity ? loss / (worst - best) : (worst + 0.1 * (worst - best)) / (worst - best),
  );
}

function compress(values: Float64Array): Float64Array {
  const least = values.reduce((low, value) => Math.min(low, value), Infinity);
  const range = values.reduce((high, value) => Math.max(high, value), -Infinity) - least;
  const logs = values.map((value) =>
    range > 0 ? Math.log1p((0.5 * (value - least)) / range) / Math.log(1.5) : 0,
  );
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  return logs.map((log) => log - mean);
}

function standardise(values: Float64Array): Float64Array {
  const n = values.length;
  let mean = 0;
  for (const value of values) mean += value / n;
  let variance = 0;
  for (const value of values) variance += (value - mean) ** 2 / n;
  const deviation = Math.sqrt(variance);
  return values.map((value) => (deviation > 0 ? (value - mean) / deviation : 0));
}
