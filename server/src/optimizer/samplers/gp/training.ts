import type { History } from "../../history.ts";
import type { Features } from "./features.ts";
import type { Training } from "./likelihood.ts";

export function trainingOf(
  features: Features,
  history: History,
  numbers: readonly number[],
  targets: Float64Array,
): Training {
  const { width, numeric } = features;
  return { count: numbers.length, width, numeric, rows: rowsOf(features, history, numbers), targets };
}

export function rowsOf(features: Features, history: History, numbers: readonly number[]): Float64Array {
  const rows = new Float64Array(numbers.length * features.width);
  numbers.forEach((number, i) => features.encode(history.point(number), rows, i * features.width));
  return rows;
}

/** Some of the rows, in ascending order of `picks`. */
export function select(training: Training, picks: readonly number[]): Training {
  const { width, rows, targets } = training;
  const picked = new Float64Array(picks.length * width);
  picks.forEach((i, at) => picked.set(rows.subarray(i * width, (i + 1) * width), at * width));
  return {
    ...training,
    count: picks.length,
    rows: picked,
    targets: Float64Array.from(picks, (i) => targets[i]!),
  };
}

/** Positions by target, the best first. */
export const byTarget = (targets: Float64Array): number[] =>
  Array.from(targets, (_, i) => i).sort((a, b) => targets[a]! - targets[b]! || a - b);

/** At most `most` rows: half of them the best, the others evenly from the rest in the order of time. */
export function representatives({ targets }: Training, most: number): number[] {
  const order = byTarget(targets);
  if (order.length <= most) return order.sort((a, b) => a - b);
  const best = order.slice(0, most >> 1);
  const rest = order.slice(most >> 1).sort((a, b) => a - b);
  const need = most - best.length;
  const spread = Array.from({ length: need }, (_, i) => rest[Math.floor(((i + 0.5) * rest.length) / need)]!);
  return [...best, ...spread].sort((a, b) => a - b);
}

/** Rows for a local model: the nearest to row `centre`, some good ones, the newest, and some from all over. */
export function neighbourhood(
  training: Training,
  centre: number,
  lengths: Float64Array,
  most: number,
): number[] {
  const { width, numeric, rows, targets } = training;
  const order = byTarget(targets);
  const distances = targets.map((_, i) => {
    let sum = 0;
    for (let k = 0; k < width; k++) {
      const gap = rows[i * width + k]! - rows[centre * width + k]!;
      sum += (k < numeric ? gap * gap : gap === 0 ? 0 : 1) / (lengths[k]! * lengths[k]!);
    }
    return sum;
  });
  const picks = new Set([...order.slice(0, most >> 3), ...representatives(training, most >> 2)]);
  for (let i = targets.length - 1; i >= targets.length - (most >> 4); i--) picks.add(i);
  for (const i of byTarget(distances)) {
    if (picks.size >= most) break;
    picks.add(i);
  }
  return [...picks].sort((a, b) => a - b);
}
