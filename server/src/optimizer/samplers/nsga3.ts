import type { Objective } from "../history.ts";
import type { Space } from "../space/space.ts";
import { createGeneticSampler } from "./genetic/genetic.ts";
import { createThinByNiche } from "./genetic/niches.ts";
import type { Sampler } from "./sampler.ts";

export interface Nsga3Options {
  /** Trials a generation. Default 50. */
  readonly populationSize?: number | undefined;
  /** Divisions of each axis by the reference points; fewer where there would be more than 2,000 points. Default 3. */
  readonly divisions?: number | undefined;
}

/** Genetic algorithm by reference points, for three objectives and more, with constraint domination (Deb and Jain, IEEE TEC 18, 2014). */
export function createNsga3Sampler(
  space: Space,
  objectives: readonly Objective[],
  { populationSize = 50, divisions = 3 }: Nsga3Options = {},
): Sampler {
  return createGeneticSampler(space, {
    name: "nsga3",
    size: populationSize,
    thin: createThinByNiche(objectives.length, divisions),
    breeding: { crossover: 1, mutation: 1 / Math.max(1, space.dimensions.length) },
  });
}
