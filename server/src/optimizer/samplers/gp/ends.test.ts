import { expect, test } from "vitest";
import { createHistory } from "../../history.ts";
import type { Domain, Parameter, Params } from "../../space/parameter.ts";
import { createSpace } from "../../space/space.ts";
import { createStream } from "../../numerics/stream.ts";
import { suggest } from "../../suggest.ts";
import type { Acquisition } from "./acquisition.ts";
import { leaningToEnds, leaveEnd, moveToEnds } from "./ends.ts";
import { createFeatures } from "./features.ts";
import { createGpSampler } from "./gp.ts";

const named = (name: string, domain: Domain, condition?: Parameter["condition"]): Parameter => ({
  name,
  domain,
  condition,
  default: undefined,
});
const real: Domain = { kind: "real", low: 0, high: 1, log: false, step: undefined };
const integer = (high: number): Domain => ({ kind: "integer", low: 0, high, log: false, step: 1 });

const mixed = createSpace([
  named("rate", { kind: "real", low: 1e-4, high: 1e-1, log: true, step: undefined }),
  named("units", integer(20)),
  named("layers", integer(3)),
  named("kind", { kind: "categorical", choices: ["a", "b"], ordered: false }),
  named("own", real, { parent: "kind", values: ["b"] }),
]);
const at = (rate: number, units: number, own?: number): Float64Array =>
  mixed.toPoint({
    rate,
    units,
    layers: 0,
    kind: own === undefined ? "a" : "b",
    ...(own === undefined ? {} : { own }),
  });

test("studies lean to ends by how much oftener the best three trials are there than the worse half", () => {
  const inside = at(1e-2, 7);
  const corner = at(1e-1, 20);
  const half = at(1e-4, 7);
  const middling = [inside, corner];
  // Of the numbers of the best all, half and none are at ends; of the worse half none.
  for (const [best, share] of [
    [corner, 1],
    [half, 0.5],
    [inside, 0],
  ] as const) {
    expect(leaningToEnds(mixed, [best, best, best, ...middling, ...Array(5).fill(inside)])).toBe(share);
  }
  // A quarter of the worse half's are; of the rest, three quarters, the best have none, a third, all.
  const worse = [half, inside, half, inside];
  expect(leaningToEnds(mixed, [inside, inside, inside, corner, ...worse])).toBe(0);
  expect(leaningToEnds(mixed, [half, half, half, inside, ...worse])).toBeCloseTo(1 / 3);
  expect(leaningToEnds(mixed, [corner, corner, corner, inside, ...worse])).toBe(1);
});

test("coarse grids, choices and inactive parameters do not count, and active ones do", () => {
  expect(leaningToEnds(mixed, Array(4).fill(at(1e-2, 7)))).toBe(0);
  const owned = at(1e-2, 7, 0);
  expect(leaningToEnds(mixed, [owned, owned, owned, ...Array(5).fill(at(1e-2, 7))])).toBeCloseTo(1 / 3);
  expect(leaningToEnds(mixed, [])).toBe(0);
  const choices = createSpace([named("kind", { kind: "categorical", choices: ["a", "b"], ordered: false })]);
  expect(leaningToEnds(choices, Array(4).fill(choices.toPoint({ kind: "a" })))).toBe(0);
});

const cube = createSpace([named("x", real), named("y", real), named("n", integer(20))]);
const features = createFeatures(cube);
/** Loses so much by the distance from a point, in each coordinate. */
function falling(from: readonly number[], slopes: readonly number[]): Acquisition {
  const at_ = (row: Float64Array, offset = 0): number =>
    slopes.reduce((sum, slope, k) => sum - slope * Math.abs(row[offset + k]! - from[k]!), 0);
  return {
    score: (rows, count) => Float64Array.from({ length: count }, (_, i) => at_(rows, i * features.width)),
    at: (row) => at_(row),
    gradient: () => undefined,
  };
}
const start = cube.toPoint({ x: 0.3, y: 0.4, n: 4 });
const from = [...start];
const moved = (slopes: readonly number[], fixed?: Float64Array, space = cube): Params =>
  space.toParams(moveToEnds(space, features, falling(from, slopes), start, fixed));

test("coordinates move to the nearer end while all of it together costs at most 18 %", () => {
  expect(moved([0, 0, 0])).toEqual({ x: 0, y: 0, n: 0 });
  expect(moved([0.5, 0.6, 0])).toEqual({ x: 0, y: 0.4, n: 0 });
  expect(moved([0.7, 0.4, 2])).toEqual({ x: 0.3, y: 0, n: 4 });
  expect(moved([2, 2, 2])).toEqual({ x: 0.3, y: 0.4, n: 4 });
  expect(moveToEnds(cube, features, falling(from, [2, 2, 2]), start, undefined)).toBe(start);
});

test("fixed coordinates stay, and so do those whose ends break a linear constraint", () => {
  const fixed = Float64Array.of(NaN, start[1]!, NaN);
  expect(moved([0, 0, 0], fixed)).toEqual({ x: 0, y: 0.4, n: 0 });
  const terms = [
    { parameter: "x", coefficient: -1 },
    { parameter: "y", coefficient: -1 },
  ];
  const bounded = createSpace(cube.parameters, [{ terms, upper: -0.35 }]);
  expect(moved([0, 0.4, 0], undefined, bounded)).toEqual({ x: 0, y: 0.4, n: 0 });
});

test("one coordinate leaves its end by a small step, whichever are there, and nothing else changes", () => {
  const corner = cube.toPoint({ x: 0, y: 0.4, n: 20 });
  const points = Array.from({ length: 200 }, (_, i) =>
    leaveEnd(cube, corner, undefined, createStream(1, i))!,
  );
  const left = points.map((point) => [...point].flatMap((unit, k) => (unit === corner[k] ? [] : [k])));
  // The grid's cells are wider than the shortest steps, so that some lead back to the end.
  expect(left.every((changed) => changed.length <= 1 && !changed.includes(1))).toBe(true);
  const xs = points
    .map(([x]) => x!)
    .filter((x) => x > 0)
    .sort((a, b) => a - b);
  expect(xs.length).toBeGreaterThan(60);
  expect(xs[0]!).toBeGreaterThan(0.0049);
  expect(xs.at(-1)!).toBeLessThan(0.2001);
  // Evenly by the logarithm: the middle is near the geometric mean of 0.005 and 0.2.
  expect(Math.abs(Math.log(xs[xs.length >> 1]! / Math.sqrt(0.005 * 0.2)))).toBeLessThan(1);
  const ns = new Set(points.map((point) => cube.toParams(point)["n"]));
  expect(ns).toEqual(new Set([16, 17, 18, 19, 20]));
});

test("nothing leaves where no free coordinate is at an end", () => {
  const stream = createStream(2);
  expect(leaveEnd(cube, start, undefined, stream)).toBeUndefined();
  const corner = cube.toPoint({ x: 0, y: 0.4, n: 4 });
  expect(leaveEnd(cube, corner, Float64Array.of(0, NaN, NaN), stream)).toBeUndefined();
});

/** Of 60 suggestions how many were moved to ends and how many off an end, while so many other trials run. */
function runs(
  running: number,
  loss: (units: readonly number[]) => number,
): { readonly to: number; readonly off: number } {
  const names = ["a", "b", "c", "d", "e", "f"];
  const space = createSpace(names.map((name) => named(name, real)));
  const history = createHistory(space, [{ name: "loss", goal: "minimize" }]);
  const sampler = createGpSampler(space, history.objectives);
  const losses: number[] = [];
  const reasons = Array.from({ length: 60 }, (_, number) => {
    const suggested = suggest({ space, sampler, history, number, seed: 3, replicates: 1 });
    if (suggested === "exhausted") throw new Error("no point is left");
    losses.push(loss(names.map((name) => Number(suggested.params[name]))));
    history.addPending(number, suggested.params);
    const ended = number - running;
    if (ended >= 0) {
      const curve = { steps: [], values: [] };
      const values = [losses[ended]!];
      history.end(ended, { outcome: "completed", values, violation: 0, curve, revision: ended + 1 });
    }
    return suggested.reason;
  });
  const count = (text: string): number => reasons.filter((reason) => reason.includes(text)).length;
  return { to: count("moved to ends of ranges"), off: count("off the end of its range") };
}

/** The least value is at 0 in every coordinate, which matter ever less. */
const slope = (at: readonly number[]): number =>
  at.reduce((sum, unit, k) => sum + 3 ** -k * (unit + Math.sin(9 * unit) / 10), 0);
const bowl = (at: readonly number[]): number => at.reduce((sum, unit) => sum + (unit - 0.45) ** 2, 0);

test("a study leans to ends where the best is at them, leaves them when that no longer helps, and does neither where it is inside", () => {
  const { to, off } = runs(3, slope);
  expect(to).toBeGreaterThan(0);
  expect(off).toBeGreaterThan(0);
  expect(runs(3, bowl)).toEqual({ to: 0, off: 0 });
});

test("one worker alone follows the model", () => {
  expect(runs(0, slope)).toEqual({ to: 0, off: 0 });
});
