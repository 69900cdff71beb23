import { expect, test } from "vitest";
import { createHistory } from "../../../history.ts";
import { createStream } from "../../../numerics/stream.ts";
import type { Source } from "../../../sources.ts";
import type { Parameter } from "../../../space/parameter.ts";
import { createSpace } from "../../../space/space.ts";
import { suggest } from "../../../suggest.ts";
import { createSampler } from "../../index.ts";
import { drawUniform } from "../../random.ts";

type Loss = (units: readonly number[]) => number;

const names = ["x", "y", "z", "w"];
const parameters = names.map((name): Parameter => ({
  name,
  domain: { kind: "real", low: 0, high: 1, log: false, step: undefined },
  condition: undefined,
  default: undefined,
}));
const space = createSpace(parameters);
const objectives = [{ name: "loss", goal: "minimize" }] as const;

/** Several valleys, curved and of different depths. */
const valleys: Loss = ([x = 0, y = 0, z = 0, w = 0]) =>
  8 * (y - x * x) ** 2 + 2 * (x - 0.7) ** 2 + (z - 0.2) ** 2 + 0.3 * Math.sin(9 * w) * (1 + z);
/** The same moved along each axis. */
const moved =
  (loss: Loss, by: number): Loss =>
  (units) =>
    loss(units.map((unit, k) => unit + (k % 2 === 0 ? by : -by)));
const negated =
  (loss: Loss): Loss =>
  (units) =>
    -loss(units);
const unrelated: Loss = (units) => units.reduce((sum, unit, k) => sum + Math.cos(17 * unit + 5 * k), 0);

interface Run {
  readonly best: number;
  readonly source: Source;
  readonly reasons: readonly string[];
}

/** A whole study, which can be the source of another. */
function run(loss: Loss, trials: number, seed: number, sources: readonly Source[] = [], name = "s"): Run {
  const history = createHistory(space, objectives);
  const sampler = createSampler({ kind: "auto" }, space, objectives, sources);
  const results: Source["trials"][number][] = [];
  const reasons: string[] = [];
  for (let number = 0; number < trials; number++) {
    const suggested = suggest({ space, sampler, history, number, seed, replicates: 1 });
    if (suggested === "exhausted") throw new Error("no point is left");
    const value = loss(names.map((key) => Number(suggested.params[key])));
    history.addPending(number, suggested.params);
    const curve = { steps: [], values: [] };
    history.end(number, { outcome: "completed", values: [value], violation: 0, curve, revision: number + 1 });
    results.push({ number, params: suggested.params, loss: value });
    reasons.push(suggested.reason);
  }
  results.sort((a, b) => a.loss - b.loss);
  return { best: results[0]!.loss, source: { name, trials: results }, reasons };
}

const seeds = [1, 2, 3, 4, 5, 6];
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const bestOf = (loss: Loss, trials: number, sourcesOf: (seed: number) => readonly Source[]): number =>
  mean(seeds.map((seed) => run(loss, trials, seed, sourcesOf(seed)).best));
const earlier =
  (loss: Loss, name?: string) =>
  (seed: number): Source =>
    run(loss, 50, 1_000 + seed, [], name).source;
/** Found by the best of many runs. */
const least = Math.min(...seeds.map((seed) => run(valleys, 70, 50 + seed).best));
const patient = { timeout: 600_000 };

test(
  "ten trials after a study of a slightly different objective are as good as thirty from nothing",
  patient,
  () => {
    const regret = (trials: number, sourcesOf: (seed: number) => readonly Source[]) =>
      bestOf(valleys, trials, sourcesOf) - least;
    const like = earlier(moved(valleys, 0.04));
    const helped = regret(10, (seed) => [like(seed)]);
    expect(helped).toBeLessThan(0.2 * regret(10, () => []));
    expect(helped).toBeLessThan(1.2 * regret(30, () => []));
  },
);

test(
  "a study that wanted the opposite, or something else, costs less than half of the trials",
  patient,
  () => {
    const half = bestOf(valleys, 15, () => []);
    const [opposite, other] = [earlier(negated(valleys)), earlier(unrelated)];
    expect(bestOf(valleys, 30, (seed) => [opposite(seed)])).toBeLessThan(half);
    expect(bestOf(valleys, 30, (seed) => [other(seed), opposite(seed)])).toBeLessThan(half);
  },
);

test("of several earlier studies the one that orders the results best counts most", patient, () => {
  const reasons = seeds.flatMap((seed) => {
    const sources = [
      earlier(negated(valleys), "opposite")(seed),
      earlier(moved(valleys, 0.04), "alike")(seed),
      earlier(unrelated, "unrelated")(seed),
    ];
    return run(valleys, 15, seed, sources).reasons.filter((reason) => reason.includes("beginning from"));
  });
  expect(reasons.length).toBeGreaterThan(seeds.length);
  const share = (name: string) =>
    mean(reasons.map((reason) => Number(new RegExp(`${name} \\((\\d+) %\\)`).exec(reason)?.[1] ?? 0)));
  expect(share("alike")).toBeGreaterThan(75);
  expect(share("opposite")).toBeLessThan(15);
});

test("once every source is dropped the reason says so", () => {
  const { reasons } = run(valleys, 16, 2, [earlier(negated(valleys))(2)]);
  expect(reasons.at(-1)).toMatch(/without the earlier studies: they order the results no better \(auto: /);
});

test("parameters that an earlier study did not have are searched as if there were none", patient, () => {
  const whole = earlier(valleys)(3);
  const partial: Source = {
    name: "partial",
    trials: whole.trials.map(({ params: { x, y }, ...trial }) => ({ ...trial, params: { x: x!, y: y! } })),
  };
  const helped = bestOf(valleys, 12, () => [partial]);
  expect(helped).toBeLessThan(bestOf(valleys, 12, () => []));
});

test("a source of one trial, of equal losses or of a constant parameter does no harm", () => {
  const stream = createStream(4);
  const points = Array.from({ length: 8 }, () => space.toParams(drawUniform(space, stream, undefined)));
  const single = { name: "single", trials: [{ number: 0, params: points[0]!, loss: 1 }] };
  const equal = { name: "equal", trials: points.map((params, number) => ({ number, params, loss: 5 })) };
  const constant = {
    name: "constant",
    trials: points.map((_, number) => ({ number, params: { x: 0.5 }, loss: number })),
  };
  const { best, reasons } = run(valleys, 20, 3, [single, equal, constant]);
  expect(Number.isFinite(best)).toBe(true);
  expect(reasons).toHaveLength(20);
});
