import { minimize } from "../../numerics/minimize.ts";
import {
  boundsOf,
  type LengthPrior,
  logPenalty,
  type LogHyperparameters,
  noiseAt,
  type Shape,
} from "./hyperparameters.ts";
import { createLikelihood, type Training } from "./likelihood.ts";

/** Where the search starts: lengths in multiples of √features, noise variance. */
const STARTS = [
  [0.4, 1e-4],
  [0.15, 1e-2],
] as const;

const MAX_EVALUATIONS = 30;

export interface Fit {
  readonly logs: LogHyperparameters;
  /** Minus the log posterior density of the hyperparameters, up to a constant of the prior. */
  readonly loss: number;
}

/** The most probable hyperparameters found from a few fixed starts: a function of its arguments alone. */
export function fitHyperparameters(training: Training, prior: LengthPrior, shape: Shape): Fit {
  const { width } = shape;
  const likelihood = createLikelihood(training);
  const bounds = boundsOf(prior, width);
  let best: Fit | undefined;
  for (const [length, noise] of STARTS) {
    const start = new Float64Array(width + 2).fill(
      Math.log(length * Math.sqrt(Math.max(1, width))),
      0,
      width,
    );
    start[noiseAt(width)] = Math.log(noise);
    const { x, value } = minimize(
      (logs, gradient) => {
        gradient.fill(0);
        return likelihood(logs, gradient) + logPenalty(prior, shape, logs, gradient);
      },
      start,
      {
        ...bounds,
        maxEvaluations: MAX_EVALUATIONS,
        gradientTolerance: 1e-2,
        valueTolerance: 1e-3,
        firstStep: 0.5,
      },
    );
    if (best === undefined || value < best.loss) best = { logs: x, loss: value };
  }
  return best!;
}
