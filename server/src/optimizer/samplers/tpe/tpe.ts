import type { History, Objective } from "../../history.ts";
import type { Stream } from "../../numerics/stream.ts";
import type { Source } from "../../sources.ts";
import type { Space } from "../../space/space.ts";
import { drawUniform } from "../random.ts";
import type { Point, Sampler } from "../sampler.ts";
import { startPoints, suggestStart } from "../warm/start-points.ts";
import { assemble } from "./by-parameter.ts";
import { createGoodMixtures } from "./good-kernels.ts";
import { recencyWeight } from "./kernel.ts";
import { createLayout, type Layout } from "./kernel-rows.ts";
import { createFollower, type Membership } from "./membership.ts";
import { createMixture, type Mixture } from "./mixture.ts";
import { createPoints, drawPart, drawWhole } from "./moves.ts";
import type { OtherKernels } from "./other-kernels.ts";
import { jointScores, marginalScores, type Model } from "./scores.ts";
import { createSource } from "./source.ts";

export interface TpeOptions {
  /** Ranked trials to wait for; uniform points until then. Default 10. */
  readonly startupTrials?: number | undefined;
  /** Points drawn and compared per suggestion. Default 24. */
  readonly candidates?: number | undefined;
  /** Whether each parameter is modelled by itself instead of all together. Default false. */
  readonly perParameter?: boolean | undefined;
}

/**
 * Factors of the good kernels' deviations, one drawn per suggestion: the neighbour rule alone stays too wide to
 * converge, the small factors alone stop too early.
 */
const SCALES = [1, 0.5, 0.25] as const;

/**
 * How candidates come about, one way drawn per suggestion: all coordinates from one kernel (shares below WHOLE); else
 * some coordinates of a good trial redrawn one by one, judged by their marginals (below MARGINAL), which separable
 * objectives reward, or by the joint density. The constants were chosen on the seven functions of the quality bench (60
 * seeds), nine others and seven tables of real trainings; all settings near them beat the single fixed factor.
 */
const WHOLE = 0.2;
const MARGINAL = 0.6;
/** Chance that a coordinate is redrawn. */
const REDRAWN = 0.3;
/**
 * The good trial at the share u³ of the ranking is the one to change, u uniform: mostly one of the best. With several
 * objectives any of the good, since the order along a front means nothing.
 */
const ELITISM = 3;

/**
 * Tree-structured Parzen estimator (Bergstra et al., NIPS 2011) with joint kernels (Falkner et al., ICML 2018): of some
 * points drawn near the good trials, the one where the density of the good is highest against that of the others.
 * Works for mixed and conditional spaces, several objectives, constraints, pruned and pending trials.
 */
export function createTpeSampler(
  space: Space,
  objectives: readonly Objective[],
  { startupTrials = 10, candidates = 24, perParameter = false }: TpeOptions = {},
  sources: readonly Source[] = [],
): Sampler {
  const layout = createLayout(space);
  const follow = createFollower(layout);
  const mixtureOfGood = createGoodMixtures(layout, objectives.length === 1); // a Pareto front ages evenly
  const mixtureOfOthers = createOthersMixture(layout);
  const points = createPoints(space, candidates);
  const starts = startPoints(space, sources, Math.ceil(startupTrials / 2));
  let others: OtherKernels | undefined;
  return {
    get bytes() {
      return others?.bytes ?? 0;
    },
    suggest({ history, number, stream, fixed }) {
      const members = follow(history);
      others = members.others;
      const { ranked, good } = members;
      if (ranked < Math.max(1, startupTrials) || space.dimensions.length === 0) {
        const start = number % 2 === 0 ? starts[number / 2] : undefined;
        if (start !== undefined) {
          return suggestStart(space, start, drawUniform(space, stream, undefined), fixed);
        }
        const reason = `uniform over the space: ${ranked} of the ${startupTrials} trials that the model waits for have ended`;
        return { point: drawUniform(space, stream, fixed), sampler: "random", reason };
      }
      const scale = SCALES[stream.integer(SCALES.length)]!;
      const model: Model = {
        layout,
        good: mixtureOfGood(history, good, scale),
        others: mixtureOfOthers(members),
      };
      const count = `${good.length} of ${ranked} trials count as good`;
      if (perParameter) {
        const point = assemble(points, space, model, fixed, stream);
        const reason = `the most promising of ${candidates} values of each parameter by itself; ${count}`;
        return { point, sampler: "tpe", reason };
      }
      const { scores, move } = propose(space, model, members, history, fixed, points, stream);
      const best = scores.reduce((winner, score, at) => (score > scores[winner]! ? at : winner), 0);
      const reason = `the most promising of ${candidates} points ${move}; ${count}`;
      return { point: points[best]!.slice(), sampler: "tpe", reason };
    },
  };
}

interface Proposal {
  /** One a point. */
  readonly scores: Float64Array;
  /** How the points came about, in words. */
  readonly move: string;
}

/** Draws the points, over what they were, and scores them. */
function propose(
  space: Space,
  model: Model,
  { good }: Membership,
  history: History,
  fixed: Point | undefined,
  points: readonly Point[],
  stream: Stream,
): Proposal {
  const source = createSource(space, model.good, fixed);
  const way = stream.uniform();
  if (way < WHOLE) {
    drawWhole(points, space, source, fixed, stream);
    return { scores: jointScores(model, points), move: "near good trials" };
  }
  const elitism = history.objectives.length > 1 ? 1 : ELITISM;
  const elite = good[Math.floor(stream.uniform() ** elitism * good.length)]!;
  const base = history.point(elite);
  const redrawn = space.dimensions.map(() => stream.uniform() < REDRAWN);
  redrawn[stream.integer(redrawn.length)] = true;
  drawPart(points, space, source, base, redrawn, fixed, stream);
  const scores = way < MARGINAL ? marginalScores(model, points, redrawn) : jointScores(model, points);
  return { scores, move: `that change trial ${elite} in part` };
}

/** The mixture of the others, with one array of weights for all suggestions. */
function createOthersMixture(layout: Layout): (members: Membership) => Mixture {
  let weights = new Float64Array(64);
  return ({ others: { rows, length, count } }) => {
    if (length > weights.length) weights = new Float64Array(2 * length);
    let age = 0;
    for (let row = 0; row < length; row++) {
      if (rows.rowLogs[row] !== -Infinity) weights[row] = recencyWeight(age++, count);
    }
    return createMixture(layout, rows, length, count, weights);
  };
}
