import { createHalton } from "../numerics/halton.ts";
import type { Space } from "../space/space.ts";
import { placeAt } from "./place.ts";
import type { Sampler } from "./sampler.ts";
import { keptOf } from "./sobol.ts";

/** Trial k gets the k-th point of Halton's sequence, its digits permuted by the study's seed. */
export function createHaltonSampler(space: Space): Sampler {
  let held: { readonly seed: number; readonly pointAt: (index: number) => Float64Array } | undefined;
  return {
    suggest({ number, seed, fixed }) {
      if (held?.seed !== seed)
        held = { seed, pointAt: keptOf(space, createHalton(space.dimensions.length, seed)) };
      const point = placeAt(space, held.pointAt(number), fixed);
      const reason = `point ${number} of a scrambled Halton sequence, which fills the space evenly`;
      return { point, sampler: "halton", reason };
    },
  };
}
