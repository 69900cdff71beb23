import { readFileSync } from "node:fs";
import { createHistory } from "../../server/src/optimizer/history.ts";
import { createSampler } from "../../server/src/optimizer/samplers/index.ts";
import type { Parameter } from "../../server/src/optimizer/space/parameter.ts";
import { createSpace } from "../../server/src/optimizer/space/space.ts";
import { suggest } from "../../server/src/optimizer/suggest.ts";
import { FUNCTIONS, type TestFunction } from "./functions.ts";

/**
 * How close TPE comes: the gap after 100 and 200 trials, median and quartiles over the seeds, beside Optuna's.
 * Fails when a median is worse than Optuna's by more than Optuna's interquartile range, or when fewer than four
 * functions are better after 200 trials. `node test/bench/tpe-quality.ts [seeds] [first seed]`
 */
const seeds = Number(process.argv[2] ?? 20);
const firstSeed = Number(process.argv[3] ?? 0);
const MARKS = [100, 200] as const;

interface Quartiles {
  readonly q1: number;
  readonly median: number;
  readonly q3: number;
}
interface Reference {
  readonly functions: Record<string, Record<`${(typeof MARKS)[number]}`, Quartiles>>;
}

/** The best gap after each of the marks. */
function run({ domain, gap }: TestFunction, seed: number): number[] {
  const parameters = domain.map(([low, high], index): Parameter => {
    const real = { kind: "real", low, high, log: false, step: undefined } as const;
    return { name: `x${index}`, domain: real, condition: undefined, default: undefined };
  });
  const space = createSpace(parameters);
  const history = createHistory(space, [{ name: "gap", goal: "minimize" }]);
  const sampler = createSampler({ kind: "tpe" }, space, history.objectives);
  const gaps: number[] = [];
  for (let number = 0; number < MARKS[1]; number++) {
    const suggested = suggest({ space, sampler, history, number, seed, replicates: 1 });
    if (suggested === "exhausted") throw new Error("a continuous space has no end");
    const value = gap(parameters.map(({ name }) => Number(suggested.params[name])));
    history.addPending(number, suggested.params);
    const curve = { steps: [], values: [] };
    history.end(number, { outcome: "completed", values: [value], violation: 0, curve, revision: number + 1 });
    gaps.push(Math.min(value, gaps.at(-1) ?? Infinity));
  }
  return MARKS.map((mark) => gaps[mark - 1]!);
}

function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const position = p * (sorted.length - 1);
  const low = sorted[Math.floor(position)]!;
  return low + (sorted[Math.ceil(position)]! - low) * (position % 1);
}

const show = (value: number): string => value.toPrecision(3);
const row = ({ q1, median, q3 }: Quartiles): string =>
  `${show(median)} (${show(q1)} – ${show(q3)})`.padEnd(32);

const path = new URL("data/optuna-5.0.0-tpe.json", import.meta.url);
const reference = JSON.parse(readFileSync(path, "utf8")) as Reference; // as measured, in this repository
console.log(`Gap, median (quartiles) of seeds ${firstSeed} to ${firstSeed + seeds - 1}`);
console.log(`${"function".padEnd(12)} trials  ${"asktell".padEnd(32)}${"Optuna 5.0.0".padEnd(32)}`);
let better = 0;
let isMet = true;
for (const fn of FUNCTIONS) {
  const runs = Array.from({ length: seeds }, (_, at) => run(fn, firstSeed + at));
  MARKS.forEach((mark, index) => {
    const gaps = runs.map((marks) => marks[index]!);
    const ours = { q1: quantile(gaps, 0.25), median: quantile(gaps, 0.5), q3: quantile(gaps, 0.75) };
    const theirs = reference.functions[fn.name]![`${mark}`];
    const isWithin = ours.median <= theirs.median + (theirs.q3 - theirs.q1);
    isMet &&= isWithin;
    if (mark === 200 && ours.median < theirs.median) better++;
    const verdict = ours.median < theirs.median ? "better" : isWithin ? "within" : "WORSE";
    console.log(`${fn.name.padEnd(12)} ${String(mark).padEnd(6)}  ${row(ours)}${row(theirs)}${verdict}`);
  });
}
console.log(`Better after 200 trials: ${better} of ${FUNCTIONS.length} functions`);
if (!isMet || better < 4) process.exitCode = 1;
