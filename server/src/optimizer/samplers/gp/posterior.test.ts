import { expect, test } from "vitest";
import { createStream } from "../../numerics/stream.ts";
import { createAcquisition } from "./acquisition.ts";
import { createFeasibility } from "./feasibility.ts";
import type { Training } from "./likelihood.ts";
import { createPosterior, type Posterior } from "./posterior.ts";

const logs = Float64Array.of(Math.log(0.4), Math.log(0.7), Math.log(1), Math.log(1.2), Math.log(1e-4));

function example(count: number): Training {
  const stream = createStream(8, count);
  const rows = Float64Array.from({ length: count * 3 }, (_, at) =>
    at % 3 < 2 ? stream.uniform() : stream.integer(2),
  );
  const targets = Float64Array.from(
    { length: count },
    (_, i) => Math.cos(4 * rows[3 * i]!) - rows[3 * i + 2]!,
  );
  return { count, width: 3, numeric: 2, rows, targets };
}

const predictOne = (posterior: Posterior, row: Float64Array): { mean: number; deviation: number } => {
  const means = new Float64Array(1);
  const deviations = new Float64Array(1);
  posterior.predict(row, 1, means, deviations);
  return { mean: means[0]!, deviation: deviations[0]! };
};

test("it interpolates results with little noise and is unsure far from them", () => {
  const training = example(20);
  const posterior = createPosterior(training, logs, 0);
  for (let i = 0; i < 20; i++) {
    const { mean, deviation } = predictOne(posterior, training.rows.slice(3 * i, 3 * i + 3));
    expect(Math.abs(mean - training.targets[i]!)).toBeLessThan(0.02);
    expect(deviation).toBeLessThan(0.02);
  }
  const far = predictOne(posterior, Float64Array.of(30, -30, 5));
  expect(far.mean).toBeCloseTo(predictOne(posterior, Float64Array.of(-40, 40, 5)).mean, 9);
  expect(far.deviation).toBeCloseTo(Math.sqrt(1.2), 9);
});

test("many rows at once agree with one at a time, before and after believing", () => {
  const posterior = createPosterior(example(23), logs, 5);
  const rows = example(70).rows;
  for (let round = 0; round < 2; round++) {
    const means = new Float64Array(70);
    const deviations = new Float64Array(70);
    posterior.predict(rows, 70, means, deviations);
    for (let p = 0; p < 70; p++) {
      const { mean, deviation } = posterior.at(rows.slice(3 * p, 3 * p + 3));
      expect(mean).toBeCloseTo(means[p]!, 10);
      expect(deviation).toBeCloseTo(deviations[p]!, 8);
    }
    posterior.believe(example(5).rows, 5);
  }
});

test("believing in a point lowers the deviation about it and moves no mean", () => {
  const posterior = createPosterior(example(10), logs, 1);
  const row = Float64Array.of(0.9, 0.1, 0);
  const before = predictOne(posterior, row);
  posterior.believe(row, 1);
  const after = predictOne(posterior, row);
  expect(after.mean).toBeCloseTo(before.mean, 12);
  expect(after.deviation).toBeLessThan(0.1 * before.deviation);
});

test("believing equals a model that was given the believed means as results", () => {
  const training = example(12);
  const believed = Float64Array.of(0.2, 0.8, 1, 0.55, 0.5, 0);
  const posterior = createPosterior(training, logs, 2);
  const means = new Float64Array(2);
  posterior.predict(believed, 2, means, new Float64Array(2));
  posterior.believe(believed, 2);
  const told = createPosterior(
    {
      ...training,
      count: 14,
      rows: Float64Array.of(...training.rows, ...believed),
      targets: Float64Array.of(...training.targets, ...means),
    },
    logs,
    0,
  );
  const row = Float64Array.of(0.3, 0.6, 1);
  expect(predictOne(posterior, row).mean).toBeCloseTo(predictOne(told, row).mean, 6);
  expect(predictOne(posterior, row).deviation).toBeCloseTo(predictOne(told, row).deviation, 6);
});

test("duplicated rows do not break the factorisation", () => {
  const training = { ...example(8), rows: new Float64Array(24).fill(0.5) };
  const posterior = createPosterior(training, logs.with(4, Math.log(1e-300)), 3);
  posterior.believe(new Float64Array(9).fill(0.5), 3);
  const { mean, deviation } = predictOne(posterior, Float64Array.of(0.5, 0.5, 0.5));
  expect(Number.isFinite(mean) && deviation > 0).toBe(true);
});

test("the gradient of the acquisition is its derivative, with limits to keep and without", () => {
  const objective = createPosterior(example(15), logs, 0);
  const near = { model: createPosterior(example(9), logs, 0), threshold: 0.4 };
  const far = { model: createPosterior(example(7), logs, 0), threshold: -3 };
  for (const [best, boldness, roughness, limits] of [
    [-0.5, 1, 0, []],
    [-3, 1, 0, []],
    [-0.5, 1, 0.2, []],
    [-0.5, 2, 0, []],
    [-3, 1.5, 0.2, []],
    [0.2, 1, 0, [near]],
    [0.2, 2, 0.1, [near, far]],
    [undefined, 2, 0, [near, far]],
  ] as const) {
    const spread = { boldness, roughness };
    const acquisition = createAcquisition(objective, best, spread, createFeasibility(limits, 2));
    const row = Float64Array.of(0.31, 0.62, 1);
    const gradient = new Float64Array(2);
    acquisition.at(row);
    acquisition.gradient(gradient);
    for (let k = 0; k < 2; k++) {
      const step = 1e-5;
      const numeric =
        (acquisition.at(row.with(k, row[k]! + step)) - acquisition.at(row.with(k, row[k]! - step))) /
        (2 * step);
      expect(Math.abs(gradient[k]! - numeric) / (1 + Math.abs(numeric))).toBeLessThan(1e-5);
    }
    expect(acquisition.score(row, 1)[0]).toBeCloseTo(acquisition.at(row), 8);
  }
});

test("boldness counts as improvement what the model is unsure of, and not what is not the model's", () => {
  const objective = createPosterior(example(15), logs, 0);
  const row = Float64Array.of(0.31, 0.62, 1);
  const { mean, deviation } = predictOne(objective, row);
  const scoreWith = (boldness: number, roughness: number): number =>
    createAcquisition(objective, mean, { boldness, roughness }, createFeasibility([], 2)).at(row);
  // Where the mean is what is to be improved on, the expected improvement is proportional to the deviation.
  expect(scoreWith(2, 0) - scoreWith(1, 0)).toBeCloseTo(Math.log(2), 6);
  expect(scoreWith(2, deviation ** 2) - scoreWith(1, 0)).toBeCloseTo(Math.log(5) / 2, 6);
});
