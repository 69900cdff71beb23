import type { Space } from "../space/space.ts";
import { thinByCrowding } from "./genetic/crowding.ts";
import { createGeneticSampler } from "./genetic/genetic.ts";
import type { Sampler } from "./sampler.ts";

export interface Nsga2Options {
  /** Trials a generation. Default 50. */
  readonly populationSize?: number | undefined;
  /** Chance that a child has two parents. Default 0.9. */
  readonly crossoverProbability?: number | undefined;
  /** Chance that a parameter mutates. Default: one over the number of parameters. */
  readonly mutationProbability?: number | undefined;
}

/** Non-dominated sorting genetic algorithm II with constraint domination (Deb et al., IEEE TEC 6, 2002). */
export function createNsga2Sampler(
  space: Space,
  { populationSize = 50, crossoverProbability = 0.9, mutationProbability }: Nsga2Options = {},
): Sampler {
  return createGeneticSampler(space, {
    name: "nsga2",
    size: populationSize,
    thin: thinByCrowding,
    breeding: {
      crossover: crossoverProbability,
      mutation: mutationProbability ?? 1 / Math.max(1, space.dimensions.length),
    },
  });
}
