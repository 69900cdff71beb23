import { expect, test } from "vitest";
import { createHistory } from "../../history.ts";
import { createStream } from "../../numerics/stream.ts";
import type { Parameter, Params } from "../../space/parameter.ts";
import { createSpace } from "../../space/space.ts";
import { suggest } from "../../suggest.ts";
import { fitHyperparameters } from "./fit.ts";
import { createGpSampler } from "./gp.ts";
import { noiseAt } from "./hyperparameters.ts";
import { doReplicatesDiffer } from "./replicates.ts";

const objectives = [{ name: "loss", goal: "minimize" }] as const;
const integer = (name: string): Parameter => ({
  name,
  domain: { kind: "integer", low: 0, high: 9, log: false, step: 1 },
  condition: undefined,
  default: undefined,
});
const space = createSpace([integer("a"), integer("b")]);
const smooth = ({ a, b }: Params): number => ((Number(a) - 6) / 5) ** 2 + ((Number(b) - 3) / 5) ** 2;

/** How many of forty trials repeat an earlier one's point. */
function repeats(deviation: number, replicates: number, loss = smooth, seed = 1): number {
  const history = createHistory(space, objectives);
  const sampler = createGpSampler(space, objectives);
  const noise = createStream(seed, "noise");
  let repeated = 0;
  for (let number = 0; number < 40; number++) {
    const suggested = suggest({ space, sampler, history, number, seed, replicates });
    if (suggested === "exhausted") throw new Error("no point is left");
    if (history.count(suggested.point) > 0) repeated++;
    history.addPending(number, suggested.params);
    const values = [loss(suggested.params) + deviation * noise.normal()];
    const curve = { steps: [], values: [] };
    history.end(number, { outcome: "completed", values, violation: 0, curve, revision: number + 1 });
  }
  return repeated;
}

test("points are evaluated again where results are noisy and the study allows it, and only there", () => {
  // In some studies the model takes the noise for roughness, and rightly repeats nothing.
  const counts = Array.from({ length: 9 }, (_, seed) => repeats(0.5, 5, smooth, seed)).toSorted(
    (a, b) => a - b,
  );
  expect(counts[4]).toBeGreaterThan(3);
  expect(repeats(0.5, 1)).toBe(0);
  expect(repeats(0, 5)).toBe(0);
});

test("a rough objective is found out after a repetition or two that teach nothing", () => {
  const rough = ({ a, b }: Params): number => (((Number(a) * 7 + Number(b) * 13) % 11) * 5) % 7;
  expect(repeats(0, 5, rough)).toBeLessThan(3);
});

test("results of the same point differ, agree or are not there", () => {
  const training = { count: 3, width: 2, numeric: 2, rows: Float64Array.of(0, 1, 0, 2, 0, 1) };
  expect(doReplicatesDiffer({ ...training, targets: Float64Array.of(1, 2, 3) })).toBe(true);
  expect(doReplicatesDiffer({ ...training, targets: Float64Array.of(1, 2, 1) })).toBe(false);
  expect(doReplicatesDiffer({ ...training, count: 2, targets: Float64Array.of(1, 1) })).toBeUndefined();
});

test.each([0.02, 0.1, 0.4])(
  "a noise of deviation %d is told from how far results of the same point differ",
  (deviation) => {
    const stream = createStream(3);
    const points = Array.from({ length: 20 }, () => stream.uniform());
    const twice = points.flatMap((x) => [x, x]);
    const training = {
      count: 40,
      width: 1,
      numeric: 1,
      rows: Float64Array.from(twice),
      targets: Float64Array.from(twice, (x) => 1.4 * Math.sin(6 * x) + deviation * stream.normal()),
    };
    const { logs } = fitHyperparameters(training, "scaled", {
      width: 1,
      numeric: 1,
      conditions: 0,
      breadth: 1,
    });
    const fitted = Math.exp(0.5 * logs[noiseAt(1)]!);
    expect(fitted).toBeGreaterThan(deviation / 2);
    expect(fitted).toBeLessThan(2 * deviation);
  },
);
