import type { History, Objective } from "../../history.ts";
import type { Source } from "../../sources.ts";
import type { Space } from "../../space/space.ts";
import { placeAt } from "../place.ts";
import type { Sampler } from "../sampler.ts";
import { createSequence } from "../sobol.ts";
import { createTpeSampler } from "../tpe/tpe.ts";
import { startPoints, suggestStart } from "../warm/start-points.ts";
import { createFeatures } from "./features.ts";
import { createFits } from "./fits.ts";
import { observe } from "./observations.ts";
import { MOST_OBJECTIVES, proposePareto } from "./pareto/propose-pareto.ts";
import { propose } from "./propose.ts";
import { type GpSettings, SETTINGS } from "./settings.ts";
import { createWideRanges } from "./wide-ranges.ts";
import { createWarmStart, FEWEST } from "./warm/warm-start.ts";

export interface GpOptions {
  /**
   * Ended trials to wait for; a Sobol sequence until then. Default: one more than parameters, from 5 to 10, of which half may still
   * be under way: where many workers begin at once, the first results are worth more than further points of a sequence.
   */
  readonly startupTrials?: number | undefined;
}

/** Bayesian optimisation by a Gaussian process (its parts and their sources are in the files beside this one). More than three objectives are left to TPE. */
export function createGpSampler(
  space: Space,
  objectives: readonly Objective[],
  { startupTrials }: GpOptions = {},
  sources: readonly Source[] = [],
  settings: GpSettings = SETTINGS,
): Sampler {
  const startup = Math.max(1, startupTrials ?? Math.min(10, Math.max(5, space.dimensions.length + 1)));
  const fewest = startupTrials === undefined ? Math.ceil(startup / 2) : startup;
  const isEarly = (known: number, { pending }: History): boolean =>
    known < fewest || known + pending.length < startup;
  const features = createFeatures(space);
  const sequence = createSequence(space);
  const wideRanges = createWideRanges(space, features);
  const fits = createFits(features, wideRanges);
  const warm =
    sources.length === 0 || objectives.length > 1
      ? undefined
      : createWarmStart(space, features, fits, sources, startup);
  const starts = warm === undefined ? [] : startPoints(space, sources, Math.ceil(startup / 2));
  const model = { space, features, wideRanges, fits, settings, warm };
  const several = objectives.length > MOST_OBJECTIVES ? createTpeSampler(space, objectives) : undefined;
  return {
    get bytes() {
      return several?.bytes ?? 0;
    },
    isHeavy: (history) =>
      several === undefined &&
      (warm === undefined ? !isEarly(history.ended.length, history) : history.ended.length >= FEWEST),
    suggest(request) {
      if (several !== undefined) return several.suggest(request);
      const { history, number, stream, seed, fixed } = request;
      const known = observe(history, history.ended.length).numbers.length;
      if (isEarly(known, history) || features.width === 0) {
        if (warm?.judge(history) !== undefined) return propose(model, request);
        const start = number % 2 === 0 ? starts[number / 2] : undefined;
        if (start !== undefined && known < FEWEST) {
          return suggestStart(space, start, sequence(seed, number), fixed);
        }
        const reason = `a point of a scrambled Sobol sequence: ${known} of the ${startup} trials that the model waits for have ended`;
        return { point: placeAt(space, sequence(seed, number), fixed), sampler: "sobol", reason };
      }
      return objectives.length === 1 ? propose(model, request) : proposePareto(model, history, stream, fixed);
    },
  };
}
