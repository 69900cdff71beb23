import { createScrambledSobol, MAX_SOBOL_DIMENSIONS } from "../numerics/sobol.ts";
import type { Space } from "../space/space.ts";
import { createHalton } from "../numerics/halton.ts";
import { placeAt } from "./place.ts";
import type { Sampler } from "./sampler.ts";

/** Trial k gets the k-th point of Sobol's sequence, scrambled by the study's seed; beyond its dimensions, of Halton's. */
export function createSobolSampler(space: Space): Sampler {
  const pointOf = createSequence(space);
  return {
    suggest: ({ number, seed, fixed }) => ({
      point: placeAt(space, pointOf(seed, number), fixed),
      sampler: "sobol",
      reason: `point ${number} of a scrambled Sobol sequence, which fills the space evenly`,
    }),
  };
}

/** Evenly filling points as a function of the seed and the index; keeps the sequence of the newest seed. */
export function createSequence(space: Space): (seed: number, index: number) => Float64Array {
  const dimensions = space.dimensions.length;
  const create = dimensions <= MAX_SOBOL_DIMENSIONS ? createScrambledSobol : createHalton;
  let held: { readonly seed: number; readonly pointAt: (index: number) => Float64Array } | undefined;
  return (seed, index) => {
    if (held?.seed !== seed) held = { seed, pointAt: create(dimensions, seed) };
    return held.pointAt(index);
  };
}
