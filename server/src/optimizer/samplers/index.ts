import type { Objective } from "../history.ts";
import type { Source } from "../sources.ts";
import type { Space } from "../space/space.ts";
import { createAutoSampler } from "./auto.ts";
import { createCmaEsSampler } from "./cma-es/cma-es.ts";
import { createExhaustiveSampler } from "./exhaustive.ts";
import { createGpSampler } from "./gp/gp.ts";
import { createGpUcbPeSampler } from "./gp-ucb-pe.ts";
import { createGridSampler } from "./grid.ts";
import { createHaltonSampler } from "./halton.ts";
import { createNsga2Sampler } from "./nsga2.ts";
import { createNsga3Sampler } from "./nsga3.ts";
import { createRandomSampler } from "./random.ts";
import type { Sampler } from "./sampler.ts";
import { createSobolSampler } from "./sobol.ts";
import { createTpeSampler } from "./tpe/tpe.ts";

/** Which sampler a study uses, with its settings. */
export type SamplerSpec =
  | { readonly kind: "auto" }
  | { readonly kind: "random" }
  | {
      readonly kind: "grid";
      /** Values of each parameter that has more, both bounds among them; categoricals keep all. Default 10. */
      readonly resolution?: number;
    }
  | { readonly kind: "exhaustive" }
  | { readonly kind: "sobol" }
  | { readonly kind: "halton" }
  | {
      readonly kind: "gp";
      /** Ended trials to wait for before modelling. Default: one more than parameters, from 5 to 10. */
      readonly startupTrials?: number;
    }
  | {
      readonly kind: "gp-ucb-pe";
      /** Ended trials to wait for before modelling. Default 1. */
      readonly startupTrials?: number;
    }
  | {
      readonly kind: "tpe";
      /** Ended trials to wait for before modelling. Default 10. */
      readonly startupTrials?: number;
      /** Points drawn and compared per suggestion. Default 24. */
      readonly candidates?: number;
      /** Whether each parameter is modelled by itself instead of all together. Default false. */
      readonly perParameter?: boolean;
    }
  | {
      readonly kind: "cma-es";
      /** Trials a generation. Default: 4 + 3 ln(parameters). */
      readonly populationSize?: number;
      /** Adapt variances only. Default false. */
      readonly separable?: boolean;
      /** Start again with twice the population when it has converged. Default true. */
      readonly restarts?: boolean;
    }
  | {
      readonly kind: "nsga2";
      /** Trials a generation. Default 50. */
      readonly populationSize?: number;
      /** Chance that a child has two parents. Default 0.9. */
      readonly crossoverProbability?: number;
      /** Chance that a parameter mutates. Default: one over the number of parameters. */
      readonly mutationProbability?: number;
    }
  | {
      readonly kind: "nsga3";
      /** Trials a generation. Default 50. */
      readonly populationSize?: number;
      /** Divisions of each axis by the reference points. Default 3. */
      readonly divisions?: number;
    };

type Create<K extends SamplerSpec["kind"]> = (
  spec: Extract<SamplerSpec, { kind: K }>,
  space: Space,
  objectives: readonly Objective[],
  sources: readonly Source[],
) => Sampler;

const samplers: { readonly [K in SamplerSpec["kind"]]: Create<K> } = {
  auto: (_spec, space, objectives, sources) => createAutoSampler(space, objectives, sources),
  random: (_spec, space) => createRandomSampler(space),
  grid: (spec, space) => createGridSampler(space, spec),
  exhaustive: (_spec, space) => createExhaustiveSampler(space),
  sobol: (_spec, space) => createSobolSampler(space),
  halton: (_spec, space) => createHaltonSampler(space),
  gp: (spec, space, objectives, sources) => createGpSampler(space, objectives, spec, sources),
  "gp-ucb-pe": (spec, space, objectives) => createGpUcbPeSampler(space, objectives, spec),
  tpe: (spec, space, objectives, sources) => createTpeSampler(space, objectives, spec, sources),
  "cma-es": (spec, space, objectives) => createCmaEsSampler(space, objectives, spec),
  nsga2: (spec, space) => createNsga2Sampler(space, spec),
  nsga3: (spec, space, objectives) => createNsga3Sampler(space, objectives, spec),
};

/** Every kind of sampler there is. */
export const samplerKinds: readonly string[] = Object.keys(samplers);

/** The kinds that begin from the results of earlier studies. */
export const warmStartingKinds: readonly SamplerSpec["kind"][] = ["auto", "gp", "tpe"];

export function createSampler(
  spec: SamplerSpec,
  space: Space,
  objectives: readonly Objective[],
  sources: readonly Source[] = [],
): Sampler {
  const create = samplers[spec.kind] as Create<SamplerSpec["kind"]>; // the table pairs each kind with its own settings
  return create(spec, space, objectives, sources);
}
