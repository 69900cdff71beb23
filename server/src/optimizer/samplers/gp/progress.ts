import type { Training } from "./likelihood.ts";
import type { Observations } from "./observations.ts";
import type { Posterior } from "./posterior.ts";

/**
 * The target to improve on: the best result, or, where results are noisy, the lowest mean at a result, since the best of many
 * noisy results was lucky. Infinity when no result counts.
 */
export function incumbent(
  model: Posterior,
  training: Training,
  targets: Float64Array,
  { counts }: Observations,
  noisy: number,
): number {
  const isNoisy = model.noise > noisy * model.signal && training.count === targets.length;
  const values = isNoisy ? new Float64Array(targets.length) : targets;
  if (isNoisy) model.predict(training.rows, training.count, values, new Float64Array(targets.length));
  return values.reduce((least, value, i) => (counts[i] === true ? Math.min(least, value) : least), Infinity);
}

/** How many trials have ended since the best one. */
export function stagnation({ losses, counts }: Observations): number {
  let best = Infinity;
  let since = 0;
  losses.forEach((loss, i) => {
    since++;
    if (counts[i] !== true || !(loss < best)) return;
    best = loss;
    since = 0;
  });
  return since;
}

/**
 * Positions of the observations, the most promising first: results within the constraints by target, then the others by violation
 * and target.
 */
export function ranking({ violations }: Observations, targets: Float64Array): number[] {
  return Array.from(targets, (_, i) => i).sort((a, b) => {
    if (violations[a] !== violations[b]) return violations[a]! - violations[b]!;
    return targets[a]! - targets[b]! || a - b;
  });
}
