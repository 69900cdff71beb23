import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { createHistory, type History } from "../../server/src/optimizer/history.ts";
import { createStream } from "../../server/src/optimizer/numerics/stream.ts";
import { createSampler, type SamplerSpec } from "../../server/src/optimizer/samplers/index.ts";
import type { Sampler } from "../../server/src/optimizer/samplers/sampler.ts";
import type { Parameter } from "../../server/src/optimizer/space/parameter.ts";
import { createSpace, type Space } from "../../server/src/optimizer/space/space.ts";
import { suggest } from "../../server/src/optimizer/suggest.ts";

/**
 * CPU that one ask costs in the optimizer, when n trials have finished: tell one, ask one, in a steady state, so that
 * taking in the new result is part of the price. Prints the median and the mean over the rounds, in milliseconds of process CPU.
 */
const SIZES = [100, 1_000, 10_000];
const WIDTHS = [5, 10, 20];
/** The Gaussian process of `auto`, whose asks are few and dear: sizes and limits at ten parameters. */
const MODEL = {
  width: 10,
  sizes: [50, 100, 200, 500],
  limits: [8, 20, 50, 350],
  rounds: 5,
  studies: 12,
  warmup: 4,
};
/** Rounds on one study, few enough that n stays what it is, and studies; the first ones only warm the compiler up. */
const ROUNDS = 21;
const STUDIES = 12;
const WARMUP = 4;
/** Limits in milliseconds, by width and then by size. */
const LIMITS: Record<number, readonly number[]> = {
  5: [0.3, 1, 6],
  10: [0.08, 0.3, 1.5],
  20: [0.6, 2.5, 20],
};

function realSpace(width: number): Space {
  const domain = { kind: "real", low: -5, high: 10, log: false, step: undefined } as const;
  const parameters = Array.from({ length: width }, (_, index): Parameter => {
    return { name: `x${index}`, domain, condition: undefined, default: undefined };
  });
  return createSpace(parameters);
}

interface Study {
  readonly space: Space;
  readonly history: History;
  readonly sampler: Sampler;
  readonly seed: number;
}

/** Asks for the next trial and returns a function that tells its value, the sphere function's. */
function ask({ space, history, sampler, seed }: Study): () => void {
  const number = history.size;
  const suggested = suggest({ space, sampler, history, number, seed, replicates: 1 });
  if (suggested === "exhausted") throw new Error("a continuous space has no end");
  history.addPending(number, suggested.params);
  const value = Object.values(suggested.params).reduce<number>((sum, x) => sum + Number(x) ** 2, 0);
  const result = {
    outcome: "completed",
    values: [value],
    violation: 0,
    curve: { steps: [], values: [] },
  } as const;
  return () => history.end(number, { ...result, revision: number + 1 });
}

/** Uniform points, or points that draw together around one as a search does. */
function fill({ space, history }: Study, size: number, spread: "uniform" | "converged"): void {
  for (let number = 0; number < size; number++) {
    const stream = createStream(7, "fill", number);
    const width = spread === "uniform" ? 1 : Math.max(0.02, 1 - number / size);
    const point = Float64Array.from(space.dimensions, () => 1 / 3 + width * (stream.uniform() - 1 / 3));
    const params = space.toParams(point);
    history.addPending(number, params);
    const value = Object.values(params).reduce<number>((sum, x) => sum + Number(x) ** 2, 0);
    const curve = { steps: [], values: [] };
    history.end(number, { outcome: "completed", values: [value], violation: 0, curve, revision: number + 1 });
  }
}

interface Cost {
  readonly median: number;
  readonly mean: number;
}

function measure(
  spec: SamplerSpec,
  width: number,
  size: number,
  spread: "uniform" | "converged",
  { rounds, studies, warmup } = { rounds: ROUNDS, studies: STUDIES, warmup: WARMUP },
): Cost {
  const space = realSpace(width);
  const spent: number[] = [];
  for (let repeat = 0; repeat < studies; repeat++) {
    const history = createHistory(space, [{ name: "value", goal: "minimize" }]);
    const study = { space, history, sampler: createSampler(spec, space, history.objectives), seed: repeat };
    fill(study, size, spread);
    let tell = ask(study);
    for (let round = 0; round < rounds; round++) {
      const before = process.cpuUsage();
      tell();
      tell = ask(study);
      const { user, system } = process.cpuUsage(before);
      if (repeat >= warmup) spent.push((user + system) / 1000);
    }
  }
  const mean = spent.reduce((sum, each) => sum + each, 0) / spent.length;
  return { median: spent.sort((a, b) => a - b)[spent.length >> 1]!, mean };
}

const model =
  /model name\s*: (.*)/.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1] ?? cpus()[0]?.model ?? "unknown";
console.log(
  `CPU of one ask, median (mean) of ${ROUNDS * (STUDIES - WARMUP)}, ms. Node ${process.version}, ${cpus().length} × ${model}`,
);
console.log("sampler  history    d  " + SIZES.map((size) => `n=${size}`.padStart(16)).join("") + "   limits");
let isMet = true;
for (const kind of ["random", "tpe"] as const) {
  for (const spread of ["uniform", "converged"] as const) {
    for (const width of WIDTHS) {
      const costs = SIZES.map((size) => measure({ kind }, width, size, spread));
      isMet &&= costs.every(({ median }, index) => median <= LIMITS[width]![index]!);
      const row = costs
        .map(({ median, mean }) => `${median.toFixed(3)} (${mean.toFixed(3)})`.padStart(16))
        .join("");
      console.log(
        `${kind.padEnd(8)} ${spread.padEnd(10)}${String(width).padStart(2)}  ${row}   ${LIMITS[width]!.join(" / ")}`,
      );
    }
  }
}
console.log(
  `\nauto, d = ${MODEL.width}` + MODEL.sizes.map((size) => `n=${size}`.padStart(16)).join("") + "   limits",
);
for (const spread of ["uniform", "converged"] as const) {
  const { width, sizes, limits, ...options } = MODEL;
  const costs = sizes.map((size) => measure({ kind: "auto" }, width, size, spread, options));
  isMet &&= costs.every(({ median }, index) => median <= limits[index]!);
  const row = costs
    .map(({ median, mean }) => `${median.toFixed(1)} (${mean.toFixed(1)})`.padStart(16))
    .join("");
  console.log(`${spread.padEnd(12)}${row}   ${limits.join(" / ")}`);
}
if (!isMet) process.exitCode = 1;
