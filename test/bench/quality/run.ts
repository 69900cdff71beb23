import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { SamplerSpec } from "../../../server/src/optimizer/samplers/index.ts";
import { ours } from "./arms.ts";
import type { Problem } from "./problem.ts";
import { developmentProblems } from "./problems.ts";
import { type Cell, problemTable, regretCurves, tablesOf } from "./report.ts";
import { randomScore, simulate, type Trace } from "./simulate.ts";
import type { Scale } from "./statistics.ts";
import { fingerprintOf, type PeerRun, readPeerRuns } from "./traces.ts";

/**
 * Quality of suggestions: our samplers on the development problems, beside the kept traces of Optuna on the same instances, seeds,
 * budgets and numbers of workers. `npm run bench:quality -- --seeds 3 --workers 8 --budget 80 --write quality-8-workers`
 * HPO_BENCHMARKS names the folder of the tables and surrogates, SKLEARN_PYTHON a Python for live trainings (seconds each; `--families live`).
 */
const { values: flags } = parseArgs({
  options: {
    arms: { type: "string", default: "auto,tpe,gp-ucb-pe" },
    version: { type: "string", default: "5.0.0" },
    families: { type: "string", default: "" },
    problems: { type: "string", default: "" },
    "first-seed": { type: "string", default: "0" },
    seeds: { type: "string", default: "3" },
    budget: { type: "string", default: "100" },
    workers: { type: "string", default: "1" },
    /** Name of the place in RESULTS.md to write to, and of the drawing beside it. */
    write: { type: "string", default: "" },
  },
});
const budget = Number(flags.budget);
const workers = Number(flags.workers);
const listed = (flag: string): readonly string[] | undefined => (flag === "" ? undefined : flag.split(","));
const families = listed(flags.families);
const names = listed(flags.problems);
const problems = developmentProblems().filter(
  ({ name, family }) => (families?.includes(family) ?? true) && (names?.includes(name) ?? true),
);
const peers = Map.groupBy(
  readPeerRuns(flags.version).filter((run) => run.workers === workers && run.budget >= budget),
  ({ problem, seed }) => `${problem}/${seed}`,
);

/** Optuna's runs on an instance; AutoSampler's are those of the sampler that its rule picks. */
function peerTraces(runs: readonly PeerRun[], { instance }: Problem, seed: number): [string, Trace][] {
  const own = instance(seed);
  const fingerprint = fingerprintOf(own);
  const current = runs.filter((run) => run.fingerprint === fingerprint);
  const traces = current.map(({ sampler, trace }): [string, Trace] => [`Optuna ${sampler}`, trace]);
  // Up to 250 trials: TPE where there are choices or conditions, else a Gaussian process.
  const isNumeric = own.parameters.every(
    ({ domain, condition }) => domain.kind !== "categorical" && condition === undefined,
  );
  const picked = current.find(({ sampler }) => sampler === (isNumeric ? "gp" : "tpe"));
  return picked === undefined ? traces : [...traces, ["Optuna AutoSampler", picked.trace]];
}

const cells: Cell[] = [];
/** By what the instance answers; an optimum that nobody knows comes down as arms find better. */
const scales = new Map<string, { -readonly [K in keyof Scale]: Scale[K] }>();
const began = performance.now();
for (const problem of problems) {
  for (let at = 0; at < Number(flags.seeds); at++) {
    const seed = Number(flags["first-seed"]) + at;
    const instance = problem.instance(seed);
    const key = fingerprintOf(instance);
    const scale = scales.get(key) ?? { optimum: instance.optimum ?? Infinity, random: randomScore(instance) };
    const traces = new Map<string, Trace>();
    for (const kind of flags.arms.split(",")) {
      const start = ours({ kind } as SamplerSpec); // a kind without settings
      const arm = await start(problem.instance(seed), seed, budget);
      traces.set(kind, await simulate(arm, problem.instance(seed), { seed, budget, workers }));
    }
    for (const [arm, trace] of peerTraces(peers.get(`${problem.name}/${seed}`) ?? [], problem, seed))
      traces.set(arm, trace);
    if (instance.optimum === undefined)
      for (const trace of traces.values())
        scale.optimum = Math.min(scale.optimum, trace.at(-1)?.[1] ?? Infinity);
    scales.set(key, scale);
    cells.push({ problem: problem.name, family: problem.family, seed, scale, traces });
  }
  const done = cells.length / (problems.length * Number(flags.seeds));
  process.stderr.write(
    `\r${(100 * done).toFixed(0)} % ${((performance.now() - began) / 1_000).toFixed(0)} s  `,
  );
}
process.stderr.write("\n");

const marks = [25, 50, 80, 100, 200].filter((mark) => mark <= budget && (mark !== 80 || mark === budget));
const head = `Development problems, seeds ${flags["first-seed"]} to ${Number(flags["first-seed"]) + Number(flags.seeds) - 1}, ${workers} worker${workers === 1 ? "" : "s"}, Optuna ${flags.version}`;
const report = `${head}\n\n${tablesOf(cells, marks)}\n\nmedian regret at T = ${marks.at(-1)} by problem\n${problemTable(cells, marks.at(-1)!)}`;
console.log(report);

if (flags.write !== "") {
  const results = new URL("../RESULTS.md", import.meta.url);
  const name = flags.write;
  const block = `<!-- ${name} -->\n\n\`\`\`\n${report}\n\`\`\`\n\n![Regret curves](${name}.svg)\n\n<!-- end ${name} -->`;
  const text = readFileSync(results, "utf8");
  const place = new RegExp(`<!-- ${name} -->[^]*<!-- end ${name} -->`);
  if (!place.test(text)) throw new Error(`RESULTS.md has no place marked ${name}`);
  writeFileSync(
    results,
    text.replace(place, () => block),
  );
  writeFileSync(new URL(`../${name}.svg`, import.meta.url), regretCurves(cells, budget));
}
