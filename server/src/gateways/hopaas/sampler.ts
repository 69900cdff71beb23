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
  CmaEsSampler: {
    kind: "cma-es",
    args: {
      popsize: wholeNumber("populationSize", 4, 1_000),
      use_separable_cma: { flag: "separable" },
      seed,
      // Ours begins in the middle with a sixth of the range, learns from every trial, pruned ones too, starts again with twice the population, and
      // keeps a margin on grids.
      x0: { accepts: [null] },
      sigma0: { accepts: [null] },
      n_startup_trials: { accepts: [1] },
      independent_sampler: { accepts: [null] },
      warn_independent_sampling: { accepts: [true, false] },
      consider_pruned_trials: { accepts: [false, true] },
      restart_strategy: { accepts: [null, "ipop", "bipop"] },
      inc_popsize: { accepts: [2] },
      with_margin: { accepts: [false, true] },
      lr_adapt: { accepts: [false] },
      source_trials: { accepts: [null] },
    },
  },
  NSGAIISampler: {
    kind: "nsga2",
    args: {
      population_size: wholeNumber("populationSize", 4, 1_000),
      mutation_prob: { field: "mutationProbability", min: 0, max: 1 },
      crossover_prob: { field: "crossoverProbability", min: 0, max: 1 },
      seed,
      crossover: { accepts: [null] },
      swapping_prob: { accepts: [0.5] },
      constraints_func: { accepts: [null] },
      elite_population_selection_strategy: { accepts: [null] },
      after_trial_strategy: { accepts: [null] },
    },
  },
  NSGAIIISampler: {
    kind: "nsga3",
    args: {
      population_size: wholeNumber("populationSize", 4, 1_000),
      dividing_parameter: wholeNumber("divisions", 1, 100),
      seed,
      mutation_prob: { accepts: [null] },
      crossover_prob: { accepts: [0.9] },
      crossover: { accepts: [null] },
      swapping_prob: { accepts: [0.5] },
      constraints_func: { accepts: [null] },
      reference_points: { accepts: [null] },
      elite_population_selection_strategy: { accepts: [null] },
      after_trial_strategy: { accepts: [null] },
    },
  },
  QMCSampler: {
    kind: "sobol",
    args: {
      seed,
      qmc_type: { accepts: ["sobol"] },
      // Ours are always scrambled: the same even coverage, by the seed.
      scramble: { accepts: [true, false] },
      independent_sampler: { accepts: [null] },
      warn_asynchronous_seeding: { accepts: [true, false] },
      warn_independent_sampling: { accepts: [true, false] },
    },
  },
  BruteForceSampler: {
    kind: "exhaustive",
    args: { seed, avoid_premature_stop: { accepts: [false, true] } },
  },
};

/** The sampler that a study asks for, and the seed of its randomness where one is given. @throws GatewayRefusal 422 */
export function samplerOf(given: Json | undefined): { sampler: SamplerSpec; seed: number | undefined } {
  if (given === undefined || given === null) return { sampler: { kind: "tpe" }, seed: undefined };
  const { kind, options } = counterpartOf("sampler", given, table, samplerKinds);
  const { seed: chosen, startupTrials, ...rest } = options;
  // Without a trial there is nothing to model, so that 0 and 1 are the same.
  const startup = startupTrials === undefined ? {} : { startupTrials: Math.max(1, Number(startupTrials)) };
  // The kind is one of this server's, and the fields of the table above are its own.
  return {
    sampler: { kind, ...startup, ...rest } as SamplerSpec,
    seed: chosen === undefined ? undefined : Number(chosen),
  };
}
