import type { History, Objective } from "../history.ts";
import type { Space } from "../space/space.ts";
import { createGpSampler } from "./gp/gp.ts";
import type { Sampler } from "./sampler.ts";
import { createTpeSampler } from "./tpe/tpe.ts";

/** Beyond this many parameters distances say little and a Gaussian process costs more than it finds. */
const MOST_PARAMETERS = 60;
/** Ended trials up to which a Gaussian process over all of them is fast. */
const GLOBAL = 500;
/** Ended trials up to which one over the neighbourhood of the best is worth its time. */
const LOCAL = 2000;
/** While the model is local, every fifth suggestion looks elsewhere. */
const ELSEWHERE = 5;

interface Choice {
  readonly sampler: Sampler;
  readonly because: string;
}

/**
 * Chooses the sampler for each trial by the shape of the study and the number of trials that have ended: a Gaussian process where
 * it is affordable, which needs the fewest trials, else TPE, which takes anything at any size.
 */
export function createAutoSampler(space: Space, objectives: readonly Objective[]): Sampler {
  const tpe = createTpeSampler(space, objectives);
  const gp = createGpSampler(space, objectives);
  const choose = ({ ended }: History, number: number): Choice => {
    if (objectives.length > 1) return { sampler: tpe, because: "TPE for several objectives" };
    if (space.dimensions.length > MOST_PARAMETERS) {
      return { sampler: tpe, because: `TPE for more than ${MOST_PARAMETERS} parameters` };
    }
    if (ended.length > LOCAL) return { sampler: tpe, because: `TPE after more than ${LOCAL} trials` };
    if (ended.length <= GLOBAL) return { sampler: gp, because: `a Gaussian process up to ${GLOBAL} trials` };
    return number % ELSEWHERE === 0
      ? { sampler: tpe, because: `TPE every fifth time after ${GLOBAL} trials` }
      : { sampler: gp, because: `a local Gaussian process after ${GLOBAL} trials` };
  };
  return {
    isHeavy: (history, number) => choose(history, number).sampler.isHeavy?.(history, number) ?? false,
    suggest(request) {
      const { sampler, because } = choose(request.history, request.number);
      const suggestion = sampler.suggest(request);
      return { ...suggestion, reason: `${because}: ${suggestion.reason}` };
    },
  };
}
