import { createScrambledSobol, MAX_SOBOL_DIMENSIONS } from "../numerics/sobol.ts";
import type { Space } from "../space/space.ts";
import { createHalton } from "../numerics/halton.ts";
import { placeAt, snapAt } from "./place.ts";
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

/** Points of a sequence that are looked at for each one that is wanted, where linear constraints rule some out. */
const LOOKED_AT = 64;

/**
 * The points of a sequence that keep a space's linear constraints, in its order; where they are too rare to wait for, the sequence's own
 * point. A function of the index alone.
 */
export function keptOf(
  space: Space,
  pointAt: (index: number) => Float64Array,
): (index: number) => Float64Array {
  if (space.linear.rows.length === 0) return pointAt;
  const kept: number[] = [];
  let looked = 0;
  return (index) => {
    const last = LOOKED_AT * (index + 1);
    for (; kept.length <= index && looked < last; looked++)
      if (space.linear.keeps(snapAt(space, pointAt(looked), undefined))) kept.push(looked);
    const found = kept[index] ?? Infinity;
    return pointAt(found < last ? found : index);
  };
}

/** Evenly filling points as a function of the seed and the index; keeps the sequence of the newest seed. */
export function createSequence(space: Space): (seed: number, index: number) => Float64Array {
  const dimensions = space.dimensions.length;
  const create = dimensions <= MAX_SOBOL_DIMENSIONS ? createScrambledSobol : createHalton;
  let held: { readonly seed: number; readonly pointAt: (index: number) => Float64Array } | undefined;
  return (seed, index) => {
    if (held?.seed !== seed) held = { seed, pointAt: keptOf(space, create(dimensions, seed)) };
    return held.pointAt(index);
  };
}
