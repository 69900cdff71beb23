import { parseArgs } from "node:util";
import { openOptuna } from "./arms.ts";
import type { Problem } from "./problem.ts";
import { developmentProblems } from "./problems.ts";
import { simulate } from "./simulate.ts";
import { fingerprintOf, keepPeerRun, readPeerRuns } from "./traces.ts";

/**
 * Runs Optuna and keeps its traces, which `run.ts` compares with; what is there already is left alone. Takes a Python that has optuna,
 * torch, scipy, cmaes and greenlet: `node test/bench/quality/peers.ts --python venv/bin/python`.
 */
const { values: flags } = parseArgs({
  options: {
    python: { type: "string", default: "python3" },
    version: { type: "string", default: "5.0.0" },
    samplers: { type: "string", default: "tpe,gp,cma-es,nsga2" },
    families: { type: "string", default: "" },
    problems: { type: "string", default: "" },
    seeds: { type: "string", default: "3" },
    budget: { type: "string", default: "100" },
    workers: { type: "string", default: "1" },
  },
});
const budget = Number(flags.budget);
const workers = Number(flags.workers);
const optuna = openOptuna(flags.python);

/** What a sampler is made for: covariances need numbers, and genetic algorithms are there for several objectives. */
function suits(sampler: string, { family }: Problem): boolean {
  if (sampler === "nsga2") return family === "several";
  if (sampler === "cma-es") return ["smooth", "multimodal", "discrete", "noisy", "lcbench"].includes(family);
  return sampler === "tpe" || family !== "several";
}

const listed = (flag: string): readonly string[] | undefined => (flag === "" ? undefined : flag.split(","));
const families = listed(flags.families);
const names = listed(flags.problems);
const problems = developmentProblems().filter(
  ({ name, family }) => (families?.includes(family) ?? true) && (names?.includes(name) ?? true),
);
const known = new Set(
  readPeerRuns(flags.version).map((run) =>
    [run.sampler, run.problem, run.seed, run.workers, run.budget].join(),
  ),
);
for (let seed = 0; seed < Number(flags.seeds); seed++) {
  for (const problem of problems) {
    for (const sampler of flags.samplers.split(",")) {
      const key = [sampler, problem.name, seed, workers, budget].join();
      if (known.has(key) || !suits(sampler, problem)) continue;
      const instance = problem.instance(seed);
      const start = performance.now();
      const arm = await optuna.start(sampler)(instance, seed, budget);
      if (optuna.version !== flags.version)
        throw new Error(`this is Optuna ${optuna.version}, not ${flags.version}`);
      const trace = await simulate(arm, instance, { seed, budget, workers });
      const seconds = Number(((performance.now() - start) / 1_000).toFixed(1));
      const fingerprint = fingerprintOf(instance);
      keepPeerRun(flags.version, {
        sampler,
        problem: problem.name,
        seed,
        workers,
        budget,
        fingerprint,
        trace,
        seconds,
      });
      console.log(`${key}: ${trace.at(-1)?.[1]} in ${seconds} s`);
    }
  }
}
optuna.stop();
