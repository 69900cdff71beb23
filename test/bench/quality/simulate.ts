import { hypervolume } from "../../../server/src/optimizer/analysis/hypervolume.ts";
import { createStream } from "../../../server/src/optimizer/numerics/stream.ts";
import { drawUniform } from "../../../server/src/optimizer/samplers/random.ts";
import { createSpace } from "../../../server/src/optimizer/space/space.ts";
import type { Arm } from "./arms.ts";
import type { Evaluation, Instance } from "./problem.ts";

/**
 * How good the answer was after each trial that ended: [trials, score] wherever it changed; none before the first trial within the
 * constraints. The score is the truth of the trial with the best told value, or minus the hypervolume.
 */
export type Trace = readonly (readonly [number, number])[];

/** Keeps the score of all trials seen. */
function createJudge({ reference }: Instance): (evaluation: Evaluation) => number {
  let best: Evaluation | undefined;
  const seen: number[] = [];
  let score = Infinity;
  return (evaluation) => {
    const { truth, values, constraint = 0 } = evaluation;
    if (reference !== undefined) {
      if (truth.every((value, i) => value < reference[i]!)) {
        seen.push(...truth);
        score = -hypervolume(Float64Array.from(seen), reference);
      } else if (score === Infinity) score = 0;
    } else if (constraint <= 0 && (best === undefined || values[0]! < best.values[0]!)) {
      best = evaluation;
      score = truth[0]!;
    }
    return score;
  };
}

/** Asynchronous workers whose trials take a simulated while: each asks as soon as it has told. */
export async function simulate(
  arm: Arm,
  instance: Instance,
  { seed, budget, workers }: { readonly seed: number; readonly budget: number; readonly workers: number },
): Promise<Trace> {
  const judge = createJudge(instance);
  const running: { number: number; end: number; evaluation: Evaluation }[] = [];
  const trace: [number, number][] = [];
  let now = 0;
  let asked = 0;
  for (let ended = 1; ended <= budget; ended++) {
    for (; running.length < workers && asked < budget; asked++) {
      const { number, params } = await arm.ask();
      const duration = Math.exp(0.5 * createStream(seed, "duration", asked).normal());
      running.push({ number, end: now + duration, evaluation: instance.evaluate(params, asked) });
    }
    running.sort((a, b) => a.end - b.end);
    const { number, end, evaluation } = running.shift()!;
    now = end;
    await arm.tell(number, evaluation);
    const score = Number(judge(evaluation).toPrecision(8));
    if (score < Infinity && score !== trace.at(-1)?.[1]) trace.push([ended, score]);
  }
  return trace;
}

/** The score that ten random trials reach in the middle of many tries: what a regret of 1 is. */
export function randomScore(instance: Instance): number {
  const tries = instance.randomTries ?? 51;
  const space = createSpace(instance.parameters);
  const scores = Array.from({ length: tries }, (_, attempt) => {
    const judge = createJudge(instance);
    let score = Infinity;
    for (let number = 0; number < 10; number++) {
      const point = drawUniform(space, createStream(99, attempt, number), undefined);
      score = judge(instance.evaluate(space.toParams(point), 1e6 + 10 * attempt + number));
    }
    return score;
  });
  return scores.sort((a, b) => a - b)[tries >> 1]!;
}
