import type { Objective } from "../history.ts";
import type { Space } from "../space/space.ts";
import type { Sampler } from "./sampler.ts";
import { createTpeSampler } from "./tpe/tpe.ts";

/** Chooses the sampler by the shape of the study: TPE, which takes every kind of space and any number of objectives. */
export function createAutoSampler(space: Space, objectives: readonly Objective[]): Sampler {
  const tpe = createTpeSampler(space, objectives);
  return {
    suggest(request) {
      const suggestion = tpe.suggest(request);
      return { ...suggestion, reason: `TPE, which suits any space: ${suggestion.reason}` };
    },
  };
}
