import { type Source, sourcePoint } from "../../../sources.ts";
import type { Space } from "../../../space/space.ts";
import type { Features } from "../features.ts";
import { fitHyperparameters } from "../fit.ts";
import { warpLosses } from "../warp.ts";
import { createMeanFunction, type MeanFunction } from "./mean-function.ts";

/** What an earlier study's results let expect, in its own standardised targets; over the parameters that both studies have. */
export function createSourceModel(space: Space, features: Features, { trials }: Source): MeanFunction {
  const isShared = space.dimensions.map(({ name }) =>
    trials.some(({ params }) => Object.hasOwn(params, name)),
  );
  const columns = Int32Array.from(
    Array.from(features.owners, (_, column) => column).filter((column) => isShared[features.owners[column]!]),
  );
  const count = trials.length;
  const width = columns.length;
  const rows = new Float64Array(count * width);
  const whole = new Float64Array(features.width);
  trials.forEach((trial, i) => {
    features.encode(sourcePoint(space, trial), whole, 0);
    columns.forEach((column, k) => (rows[i * width + k] = whole[column]!));
  });
  const training = {
    count,
    width,
    numeric: columns.filter((column) => column < features.numeric).length,
    rows,
    targets: warpLosses(
      Float64Array.from(trials, ({ loss }) => loss),
      "half-rank",
    ),
  };
  const conditions = columns.filter((column) => column >= features.width - features.conditions).length;
  const shape = { ...training, conditions, breadth: Math.min(features.breadth, width - conditions) };
  const { logs } = fitHyperparameters(training, "scaled", shape);
  return createMeanFunction(training, logs, columns, features.width);
}
