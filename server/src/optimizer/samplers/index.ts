import type { Objective } from "../history.ts";
import type { Space } from "../space/space.ts";
import { createRandomSampler } from "./random.ts";
import type { Sampler } from "./sampler.ts";

/** Which sampler a study uses, with its settings. */
export type SamplerSpec =
  | { readonly kind: "auto" }
  | { readonly kind: "random" }
  | {
      readonly kind: "tpe";
      /** Ended trials to wait for before modelling. Default 10. */
      readonly startupTrials?: number;
      /** Points drawn and compared per suggestion. Default 24. */
      readonly candidates?: number;
    };

type Create = (spec: SamplerSpec, space: Space, objectives: readonly Objective[]) => Sampler;

const samplers: Record<SamplerSpec["kind"], Create> = {
  auto: (_spec, space) => createRandomSampler(space),
  random: (_spec, space) => createRandomSampler(space),
  tpe: (_spec, space) => createRandomSampler(space),
};

export function createSampler(spec: SamplerSpec, space: Space, objectives: readonly Objective[]): Sampler {
  return samplers[spec.kind](spec, space, objectives);
}
