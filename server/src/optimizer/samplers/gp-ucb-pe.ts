import type { History, Objective } from "../history.ts";
import type { Stream } from "../numerics/stream.ts";
import type { Space } from "../space/space.ts";
import type { Acquisition } from "./gp/acquisition.ts";
import { createConfidenceBound, createExploration, thresholdOf, withinReach } from "./gp/confidence.ts";
import { expectationAt, type Modelled } from "./gp/expectation.ts";
import { createFeatures, type Features } from "./gp/features.ts";
import { createFits, type View } from "./gp/fits.ts";
import { noiseAt, signalAt } from "./gp/hyperparameters.ts";
import { observe } from "./gp/observations.ts";
import { createPosterior } from "./gp/posterior.ts";
import { search } from "./gp/search.ts";
import { byTarget, neighbourhood, rowsOf, select, trainingOf } from "./gp/training.ts";
import { warpLosses } from "./gp/warp.ts";
import { placeAt } from "./place.ts";
import type { Point, Sampler } from "./sampler.ts";
import { createSequence } from "./sobol.ts";
import { createTpeSampler } from "./tpe/tpe.ts";

export interface GpUcbPeOptions {
  /** Ended trials to wait for; the centre and then a Sobol sequence until then. Default 1. */
  readonly startupTrials?: number | undefined;
}

const VIEW: View = { prior: "vizier", warp: "vizier" };
/** Chance of exploring purely: usually, and when a result is mostly noise. */
const EXPLORE = 0.1;
const EXPLORE_NOISY = 0.7;
/** Signal over noise variance below which results are mostly noise. */
const NOISY = 0.7;
/** More results than this are thinned to those that matter near the best. */
const ROWS = 500;
const LOCAL_ROWS = 256;
const PENDING = 200;

/**
 * Gaussian process, upper confidence bound and pure exploration, as Vizier's authors describe it (Song et al., arXiv:2408.11527),
 * with our search in place of their swarm. Whether results have come since the last suggestion is not in the history, so trials
 * are taken to end one by one, as with asynchronous workers. Several objectives are left to TPE.
 */
export function createGpUcbPeSampler(
  space: Space,
  objectives: readonly Objective[],
  { startupTrials = 1 }: GpUcbPeOptions = {},
): Sampler {
  const features = createFeatures(space);
  const sequence = createSequence(space);
  const fits = createFits(features);
  const several = objectives.length > 1 ? createTpeSampler(space, objectives) : undefined;
  return {
    get bytes() {
      return several?.bytes ?? 0;
    },
    isHeavy: ({ ended }) => several === undefined && ended.length >= startupTrials,
    suggest(request) {
      if (several !== undefined) return several.suggest(request);
      const { history, number, stream, seed, fixed } = request;
      const known = observe(history, history.ended.length).numbers.length;
      if (known < Math.max(1, startupTrials) || features.width === 0) {
        const units =
          number === 0 ? new Float64Array(space.dimensions.length).fill(0.5) : sequence(seed, number);
        const reason = `${number === 0 ? "the centre" : "a scrambled Sobol point"}: ${known} of the ${Math.max(1, startupTrials)} trials that the model waits for have ended`;
        return { point: placeAt(space, units, fixed), sampler: "sobol", reason };
      }
      const { acquisition, good, aim, modelled } = model(
        features,
        history,
        fits.objective(history, VIEW).logs,
        stream,
      );
      const isFinite = Number.isFinite(space.size);
      const { point } = search({
        space,
        features,
        acquisition,
        good,
        fixed,
        box: undefined,
        scanned: 1024,
        starts: 4,
        evaluations: 24,
        isNew: (candidate) => !isFinite || history.count(candidate) === 0,
        stream,
      });
      return {
        point,
        sampler: "gp-ucb-pe",
        reason: `${aim} by a Gaussian process on ${known} trials`,
        expected: expectationAt(features, point, objectives, [modelled]),
      };
    },
  };
}

interface Model {
  readonly acquisition: Acquisition;
  readonly good: readonly Point[];
  /** What the suggestion is after, in words. */
  readonly aim: string;
  readonly modelled: Modelled;
}

function model(features: Features, history: History, logs: Float64Array, stream: Stream): Model {
  const { width, numeric } = features;
  const { numbers, losses } = observe(history, history.ended.length);
  const targets = warpLosses(losses, VIEW.warp);
  const whole = trainingOf(features, history, numbers, targets);
  const order = byTarget(targets);
  const training =
    whole.count <= ROWS
      ? whole
      : select(whole, neighbourhood(whole, order[0]!, logs.map(Math.exp), LOCAL_ROWS));
  const good = order.slice(0, 6).map((i) => history.point(numbers[i]!));
  const pending = Array.from(history.pending).slice(-PENDING);
  const results = createPosterior(training, logs, 0);
  const all = createPosterior(training, logs, pending.length);
  all.believe(rowsOf(features, history, pending), pending.length);

  const isNoisy = Math.exp(logs[signalAt(width)]! - logs[noiseAt(width)]!) < NOISY;
  const isExploring = stream.uniform() < (isNoisy ? EXPLORE_NOISY : EXPLORE);
  const acquisition = isExploring
    ? createExploration(all, results, thresholdOf(results, training), numeric)
    : createConfidenceBound(all);
  const radius = 0.2 + (0.3 * whole.count) / (5 * (width + 1));
  return {
    acquisition: radius > 0.5 || numeric === 0 ? acquisition : withinReach(acquisition, training, radius),
    good,
    modelled: { posterior: all, losses, targets },
    aim: isExploring
      ? "least known among the places where the best may be"
      : "most promising when judged optimistically",
  };
}
