import type { History, Objective } from "../history.ts";
import type { Source } from "../sources.ts";
import type { Space } from "../space/space.ts";
import { createGpSampler } from "./gp/gp.ts";
import { MOST_OBJECTIVES } from "./gp/pareto/propose-pareto.ts";
import { createNsga2Sampler } from "./nsga2.ts";
import { createNsga3Sampler } from "./nsga3.ts";
import type { Sampler } from "./sampler.ts";
import { createTpeSampler } from "./tpe/tpe.ts";

/** Beyond this many parameters distances say little and a Gaussian process costs more than it finds. */
const MOST_PARAMETERS = 60;
/** Ended trials up to which a Gaussian process over all of them is fast. */
const GLOBAL = 500;
/** Ended trials up to which one over the neighbourhood of the best is worth its time. */
const LOCAL = 2000;
/** While the model is local, every fifth suggestion looks elsewhere; with several objectives, every second. */
const ELSEWHERE = 5;
const ELSEWHERE_SEVERAL = 2;
/** Members of the population that follows a model. */
const POPULATION = 100;

interface Choice {
  readonly sampler: Sampler;
  readonly because: string;
}

/**
 * Chooses the sampler for each trial by the shape of the study and the number of trials that have ended: a Gaussian process where
 * it is affordable, which needs the fewest trials; else TPE, which takes anything at any size, or for several objectives, once there are
 * many results to breed from, a genetic algorithm, which then finds as good a front for a tenth of the time.
 */
export function createAutoSampler(
  space: Space,
  objectives: readonly Objective[],
  sources: readonly Source[] = [],
): Sampler {
  const tpe = createTpeSampler(space, objectives, {}, sources);
  const gp = createGpSampler(space, objectives, {}, sources);
  const choose = objectives.length > 1 ? forSeveral(space, objectives, gp, tpe) : forOne(space, gp, tpe);
  return {
    get bytes() {
      return (tpe.bytes ?? 0) + (gp.bytes ?? 0);
    },
    isHeavy: (history, number) => choose(history, number).sampler.isHeavy?.(history, number) ?? false,
    suggest(request) {
      const { sampler, because } = choose(request.history, request.number);
      const suggestion = sampler.suggest(request);
      return { ...suggestion, reason: `${suggestion.reason} (auto: ${because})` };
    },
  };
}

type Choose = (history: History, number: number) => Choice;

function forOne(space: Space, gp: Sampler, tpe: Sampler): Choose {
  return ({ ended }, number) => {
    if (space.dimensions.length > MOST_PARAMETERS) {
      return { sampler: tpe, because: `TPE for more than ${MOST_PARAMETERS} parameters` };
    }
    if (ended.length > LOCAL) return { sampler: tpe, because: `TPE after more than ${LOCAL} trials` };
    if (ended.length <= GLOBAL) return { sampler: gp, because: `a Gaussian process up to ${GLOBAL} trials` };
    return number % ELSEWHERE === 0
      ? { sampler: tpe, because: `TPE every fifth time after ${GLOBAL} trials` }
      : { sampler: gp, because: `a local Gaussian process after ${GLOBAL} trials` };
  };
}

function forSeveral(space: Space, objectives: readonly Objective[], gp: Sampler, tpe: Sampler): Choose {
  const isMany = objectives.length > MOST_OBJECTIVES;
  const isModelled = !isMany && space.dimensions.length <= MOST_PARAMETERS;
  const genetic = isMany
    ? { sampler: createNsga3Sampler(space, objectives, { populationSize: POPULATION }), name: "NSGA-III" }
    : { sampler: createNsga2Sampler(space, { populationSize: POPULATION }), name: "NSGA-II" };
  const limit = isMany
    ? `more than ${MOST_OBJECTIVES} objectives`
    : `several objectives and more than ${MOST_PARAMETERS} parameters`;
  return ({ ended }, number) => {
    if (ended.length <= GLOBAL) {
      return isModelled
        ? {
            sampler: gp,
            because: `Gaussian processes for ${objectives.length} objectives up to ${GLOBAL} trials`,
          }
        : { sampler: tpe, because: `TPE for ${limit} up to ${GLOBAL} trials` };
    }
    const isTurn = number % ELSEWHERE_SEVERAL === 0;
    if (isModelled && ended.length <= LOCAL && !isTurn) {
      return { sampler: gp, because: `Gaussian processes every second time after ${GLOBAL} trials` };
    }
    const many = isModelled && ended.length > LOCAL ? LOCAL : GLOBAL;
    return { sampler: genetic.sampler, because: `${genetic.name} after more than ${many} trials` };
  };
}
