import type { Acquisition } from "./acquisition.ts";
import type { Training } from "./likelihood.ts";
import type { Posterior } from "./posterior.ts";

/** Deviations below the mean at which a point counts as promising, and as possibly the best. */
const PROMISE = 1.8;
const HOPE = 0.5;
/** What each unit above the threshold costs a point of pure exploration. */
const PENALTY = 10;

/** Optimistic value: how low it may lie, `PROMISE` deviations below the mean. Larger scores are better. */
export function createConfidenceBound(model: Posterior): Acquisition {
  return {
    score(rows, count) {
      const means = new Float64Array(count);
      const deviations = new Float64Array(count);
      model.predict(rows, count, means, deviations);
      return means.map((mean, i) => PROMISE * deviations[i]! - mean);
    },
    at(row) {
      const { mean, deviation } = model.at(row);
      return PROMISE * deviation - mean;
    },
    gradient: (into) => model.slopes(-1, PROMISE, into),
  };
}

/**
 * Pure exploration where the optimum may be: the deviation given all points, running ones among them, less a penalty where even
 * an optimistic value by the results alone stays above `threshold`.
 */
export function createExploration(
  all: Posterior,
  results: Posterior,
  threshold: number,
  numeric: number,
): Acquisition {
  const part = new Float64Array(numeric);
  let excess = 0;
  const over = (mean: number, deviation: number): number => Math.max(0, mean - HOPE * deviation - threshold);
  return {
    score(rows, count) {
      const means = new Float64Array(count);
      const deviations = new Float64Array(count);
      results.predict(rows, count, means, deviations);
      const penalties = means.map((mean, i) => PENALTY * over(mean, deviations[i]!));
      all.predict(rows, count, means, deviations);
      return deviations.map((deviation, i) => deviation - penalties[i]!);
    },
    at(row) {
      const { mean, deviation } = results.at(row);
      excess = over(mean, deviation);
      return all.at(row).deviation - PENALTY * excess;
    },
    gradient(into) {
      all.slopes(0, 1, into);
      if (excess === 0) return;
      results.slopes(-PENALTY, PENALTY * HOPE, part);
      for (let k = 0; k < numeric; k++) into[k] = into[k]! + part[k]!;
    },
  };
}

/** The predicted mean at the result that looks best optimistically. */
export function thresholdOf(model: Posterior, { rows, count }: Training): number {
  const means = new Float64Array(count);
  const deviations = new Float64Array(count);
  model.predict(rows, count, means, deviations);
  let best = 0;
  for (let i = 1; i < count; i++) {
    if (means[i]! - PROMISE * deviations[i]! < means[best]! - PROMISE * deviations[best]!) best = i;
  }
  return means[best]!;
}

/** Keeps an acquisition to within `radius` of some known row, in the largest difference of a numeric feature. */
export function withinReach(inner: Acquisition, known: Training, radius: number): Acquisition {
  const { count, width, numeric } = known;
  const distance = (rows: Float64Array, at: number): number => {
    let nearest = Infinity;
    for (let i = 0; i < count; i++) {
      let largest = 0;
      for (let k = 0; k < numeric; k++) {
        largest = Math.max(largest, Math.abs(rows[at + k]! - known.rows[i * width + k]!));
      }
      nearest = Math.min(nearest, largest);
    }
    return nearest;
  };
  const penalty = (away: number): number => (away > radius ? 1e4 + away : 0);
  return {
    score: (rows, count_) =>
      inner.score(rows, count_).map((score, i) => score - penalty(distance(rows, i * width))),
    at: (row) => inner.at(row) - penalty(distance(row, 0)),
    gradient: (into) => inner.gradient(into),
  };
}
