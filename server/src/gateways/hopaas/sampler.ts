import { type SamplerSpec, samplerKinds } from "../../optimizer/samplers/index.ts";
import type { Json } from "../python-json.ts";
import { type Counterpart, counterpartOf, wholeNumber } from "./arguments.ts";

const seed = wholeNumber("seed", 0, 2 ** 32 - 1);

/** Optuna's samplers as ours. */
const table: Readonly<Record<string, Counterpart>> = {
  TPESampler: {
    kind: "tpe",
    args: {
      n_startup_trials: wholeNumber("startupTrials", 0, 10_000),
      n_ei_candidates: wholeNumber("candidates", 1, 1_000),
      seed,
      consider_prior: { accepts: [true] },
      prior_weight: { accepts: [1] },
      consider_magic_clip: { accepts: [true] },
      consider_endpoints: { accepts: [false] },
      // Ours models parameters together and avoids the points of running trials, whether asked to or not.
      multivariate: { accepts: [false, true] },
      constant_liar: { accepts: [false, true] },
      group: { accepts: [false] },
      warn_independent_sampling: { accepts: [true, false] },
      gamma: { accepts: [null] },
      weights: { accepts: [null] },
      constraints_func: { accepts: [null] },
      categorical_distance_func: { accepts: [null] },
    },
  },
  RandomSampler: { kind: "random", args: { seed } },
  GPSampler: {
    kind: "gp",
    args: {
      n_startup_trials: wholeNumber("startupTrials", 1, 10_000),
      seed,
      deterministic_objective: { accepts: [false] },
      independent_sampler: { accepts: [null] },
      constraints_func: { accepts: [null] },
    },
  },
};

/** The sampler that a study asks for, and the seed of its randomness where one is given. @throws GatewayRefusal 422 */
export function samplerOf(given: Json | undefined): { sampler: SamplerSpec; seed: number | undefined } {
  if (given === undefined || given === null) return { sampler: { kind: "tpe" }, seed: undefined };
  const { kind, options } = counterpartOf("sampler", given, table, samplerKinds);
  const { seed: chosen, startupTrials, ...rest } = options;
  // Without a trial there is nothing to model, so that 0 and 1 are the same.
  const startup = startupTrials === undefined ? {} : { startupTrials: Math.max(1, startupTrials) };
  // The kind is one of this server's, and the fields of the table above are its own.
  return { sampler: { kind, ...startup, ...rest } as SamplerSpec, seed: chosen };
}
