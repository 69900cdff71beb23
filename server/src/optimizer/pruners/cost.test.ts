import { Session } from "node:inspector/promises";
import { beforeAll, expect, test } from "vitest";
import type { createHistory as CreateHistory, History, Objective } from "../history.ts";
import type { createSpace as CreateSpace } from "../space/space.ts";
import type { createPruner as CreatePruner, PrunerSpec } from "./index.ts";
import type { Pruner } from "./pruner.ts";
import type { Curve } from "../curve.ts";

/**
 * What a report costs, counted in executed blocks of the pruners' own code instead of time: the same on every machine.
 * V8 counts the blocks of what is loaded after it was told to, hence the imports below.
 */
const session = new Session();
let createHistory: typeof CreateHistory;
let createSpace: typeof CreateSpace;
let createPruner: typeof CreatePruner;

beforeAll(async () => {
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  ({ createHistory } = await import("../history.ts"));
  ({ createSpace } = await import("../space/space.ts"));
  ({ createPruner } = await import("./index.ts"));
});

/** Blocks executed in the optimizer since the last call. */
async function blocks(): Promise<number> {
  const { result } = await session.post("Profiler.takePreciseCoverage");
  let sum = 0;
  for (const { url, functions } of result) {
    if (!/optimizer\/(?!.*\.test\.ts)/.test(url)) continue;
    for (const { ranges } of functions) for (const { count } of ranges) sum += count;
  }
  return sum;
}

const one: readonly Objective[] = [{ name: "loss", goal: "minimize" }];
const two: readonly Objective[] = [...one, { name: "size", goal: "minimize" }];
const REPORTS = 20;

/** A curve that falls towards `end`, with a second objective that rises as the first falls. */
function curveOf(end: number, length: number, objectives: readonly Objective[]): Curve {
  const steps = Array.from({ length }, (_, at) => at + 1);
  const values = steps.map((step) => end + Math.exp(-step / 4));
  if (objectives.length === 1) return { steps, values };
  return { steps, values, vectors: values.flatMap((value, at) => [value, ((7 * end) % 1) + at / 100]) };
}

const part = ({ steps, values, vectors }: Curve, length: number, depth: number): Curve => ({
  steps: Array.prototype.slice.call(steps, 0, length),
  values: Array.prototype.slice.call(values, 0, length),
  vectors: vectors && Array.prototype.slice.call(vectors, 0, length * depth),
});

function finish(history: History, number: number, curve: Curve, outcome: "completed" | "pruned"): void {
  const values = history.objectives.map(() => 0);
  history.end(number, { outcome, values, violation: 0, curve, revision: number + 1 });
}

/** Blocks for each report of trials that come to a study in which so many have ended, each ended in its turn. */
async function costAfter(
  spec: PrunerSpec,
  objectives: readonly Objective[],
  ended: number,
  trials: number,
): Promise<number> {
  const x = { name: "x", domain: { kind: "real", low: 0, high: 1, log: false, step: undefined } } as const;
  const history = createHistory(
    createSpace([{ ...x, condition: undefined, default: undefined }]),
    objectives,
  );
  const pruner: Pruner = createPruner(spec, objectives);
  const step = (number: number, isCounted: boolean): void => {
    const length = number % 3 === 0 ? REPORTS : 6;
    const curve = curveOf((number * 0.618034) % 1, length, objectives);
    history.addPending(number, { x: (number * 0.618034) % 1 });
    for (let reported = isCounted ? 1 : length; reported <= length; reported++)
      pruner.decide({ history, number, curve: part(curve, reported, objectives.length) });
    finish(history, number, curve, length === REPORTS ? "completed" : "pruned");
  };
  for (let number = 0; number < ended; number++) step(number, false);
  await blocks();
  for (let number = ended; number < ended + trials; number++) step(number, true);
  return (await blocks()) / (((trials / 3) * (REPORTS + 6 + 6)) | 0);
}

const kinds: readonly (readonly [PrunerSpec, readonly Objective[]])[] = [
  [{ kind: "auto" }, one],
  [{ kind: "none" }, one],
  [{ kind: "median" }, one],
  [{ kind: "percentile" }, one],
  [{ kind: "asha" }, one],
  [{ kind: "hyperband" }, one],
  [{ kind: "pasha" }, one],
  [{ kind: "threshold", upper: 5 }, one],
  [{ kind: "patience" }, one],
  [{ kind: "wilcoxon" }, one],
  [{ kind: "curve" }, one],
  [{ kind: "auto" }, two],
  [{ kind: "median" }, two],
  [{ kind: "percentile" }, two],
  [{ kind: "asha" }, two],
];

test.for(kinds.map(([spec, objectives]) => [spec.kind, objectives.length, spec, objectives] as const))(
  "%s, objectives: %i: a report costs no more than a logarithm allows when trials become sixteen times as many",
  async ([, , spec, objectives]) => {
    const few = await costAfter(spec, objectives, 600, 60);
    const many = await costAfter(spec, objectives, 9_600, 60);
    expect(few).toBeGreaterThan(0);
    // log 9,600 / log 600 is 1.43; in proportion to the trials it would be 16.
    expect(many / few).toBeLessThan(2);
  },
);
