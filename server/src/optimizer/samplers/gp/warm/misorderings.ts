import type { Stream } from "../../../numerics/stream.ts";

const RESAMPLES = 64;

/**
 * Share of pairs that predictions order wrongly, among those with a target of the better half in them; for samples of the targets drawn
 * with replacement, the same ones for all predictions. One list of shares for each list of predictions.
 */
export function resampledMisorderings(
  targets: Float64Array,
  predictions: readonly Float64Array[],
  stream: Stream,
): number[][] {
  const n = targets.length;
  const median = Float64Array.from(targets).sort()[Math.floor((n - 1) / 2)]!;
  const pairs: [number, number][] = [];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const isTie = targets[i] === targets[j];
      if (!isTie && Math.min(targets[i]!, targets[j]!) <= median) pairs.push([i, j]);
    }
  }
  // 0 right, 1 wrong, ½ undecided.
  const wrong = predictions.map((predicted) =>
    Float64Array.from(pairs, ([i, j]) => {
      const agreement = (predicted[i]! - predicted[j]!) * (targets[i]! - targets[j]!);
      return agreement > 0 ? 0 : agreement < 0 ? 1 : 0.5;
    }),
  );
  const shares: number[][] = predictions.map(() => []);
  for (let b = 0; b < RESAMPLES; b++) {
    const counts = new Float64Array(n);
    for (let draw = 0; draw < n; draw++) counts[stream.integer(n)]!++;
    let total = 0;
    const sums = new Float64Array(predictions.length);
    pairs.forEach(([i, j], p) => {
      const weight = counts[i]! * counts[j]!;
      if (weight === 0) return;
      total += weight;
      for (let s = 0; s < sums.length; s++) sums[s]! += weight * wrong[s]![p]!;
    });
    shares.forEach((list, s) => list.push(total > 0 ? sums[s]! / total : 0.5));
  }
  return shares;
}
