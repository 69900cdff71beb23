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

/** How many trials have ended since one was better than all before by more than `least`, in units of the losses. */
export function stagnation({ losses, counts }: Observations, least = 0): number {
  let reached = Infinity;
  let since = 0;
  losses.forEach((loss, i) => {
    since++;
    if (counts[i] !== true || !(loss < reached - least)) return;
    reached = loss;
    since = 0;
  });
  return since;
}

/** Results that count as the first ones. */
const FIRST = 10;

/** By how much the best result is better than the best of the first ones, in units of the losses. */
export function gainOf({ losses, counts }: Observations): number {
  const known = losses.filter((loss, i) => counts[i] === true && Number.isFinite(loss));
  const least = (some: Float64Array): number => some.reduce((low, loss) => Math.min(low, loss), Infinity);
  return known.length === 0 ? 0 : least(known.subarray(0, FIRST)) - least(known);
}

/** Units of the targets that a unit of the losses is worth among the better half of the results that count; 0 when those are all alike. */
export function steepness({ losses, counts }: Observations, targets: Float64Array): number {
  const order = Array.from(losses, (_, i) => i)
    .filter((i) => counts[i] === true && Number.isFinite(losses[i]!))
    .sort((a, b) => losses[a]! - losses[b]! || a - b);
  const best = order[0];
  const middle = order[(order.length - 1) >> 1];
  if (best === undefined || middle === undefined || !(losses[middle]! > losses[best]!)) return 0;
  return (targets[middle]! - targets[best]!) / (losses[middle]! - losses[best]!);
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
