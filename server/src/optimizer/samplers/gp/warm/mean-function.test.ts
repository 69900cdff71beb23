import { expect, test } from "vitest";
import { createStream } from "../../../numerics/stream.ts";
import { createPosterior } from "../posterior.ts";
import { createMeanFunction } from "./mean-function.ts";
import { residualsOf, withMean } from "./with-mean.ts";

/** Two numeric features and a code, with some smooth targets. */
function someTraining(count: number) {
  const stream = createStream(1, count);
  const rows = Float64Array.from({ length: 3 * count }, (_, i) =>
    i % 3 === 2 ? stream.integer(3) : stream.uniform(),
  );
  const targets = Float64Array.from(
    { length: count },
    (_, i) => Math.sin(6 * rows[3 * i]!) + rows[3 * i + 1]!,
  );
  return { count, width: 3, numeric: 2, rows, targets };
}
const logs = Float64Array.from([-1, -0.5, 0.3, 0.2, -5]);
const row = Float64Array.from([0.3, 0.6, 1]);

/** By central differences. */
function slopesOf(value: (row: Float64Array) => number): number[] {
  return [0, 1].map((k) => {
    const shifted = (by: number) => row.map((unit, at) => (at === k ? unit + by : unit));
    return (value(shifted(1e-5)) - value(shifted(-1e-5))) / 2e-5;
  });
}

test("is the posterior's mean, and its slopes are those of its values", () => {
  const training = someTraining(30);
  const mean = createMeanFunction(training, logs, Int32Array.from([0, 1, 2]), 3);
  const [value] = mean.values(row, 1);
  expect(value).toBeCloseTo(createPosterior(training, logs, 0).at(row).mean, 10);
  const gradient = new Float64Array(2);
  mean.addSlopes(row, 1, gradient);
  slopesOf((at) => mean.values(at, 1)[0]!).forEach((slope, k) => expect(gradient[k]).toBeCloseTo(slope, 6));
});

test("finds its features among the columns of wider rows", () => {
  const training = someTraining(20);
  const narrow = createMeanFunction(training, logs, Int32Array.from([0, 1, 2]), 3);
  const wide = createMeanFunction(training, logs, Int32Array.from([1, 3, 5]), 6);
  const [x, y, code] = row;
  expect(wide.values(Float64Array.from([9, x!, 9, y!, 9, code!]), 1)).toEqual(narrow.values(row, 1));
});

test("a posterior about a mean function is one of the targets themselves, slopes included", () => {
  const training = someTraining(25);
  const mean = createMeanFunction(someTraining(12), logs, Int32Array.from([0, 1, 2]), 3);
  const prior = { mean, slope: 0.7, offset: 0.2, spread: 0.4 };
  const model = withMean(createPosterior(residualsOf(training, prior), logs, 0), prior, 3);
  const means = new Float64Array(25);
  const deviations = new Float64Array(25);
  model.predict(training.rows, 25, means, deviations);
  // Little noise: it goes through the targets.
  training.targets.forEach((target, i) => expect(means[i]).toBeCloseTo(target, 1));
  const { mean: here, deviation } = model.at(row);
  model.predict(row, 1, means, deviations);
  expect([means[0], deviations[0]]).toEqual([expect.closeTo(here, 9), expect.closeTo(deviation, 9)]);
  const gradient = new Float64Array(2);
  model.at(row);
  model.slopes(1.5, -0.5, gradient);
  const combined = (at: Float64Array) => 1.5 * model.at(at).mean - 0.5 * model.at(at).deviation;
  slopesOf(combined).forEach((slope, k) => expect(gradient[k]).toBeCloseTo(slope, 5));
});
