import { expect, test } from "vitest";
import type { Source } from "../../sources.ts";
import type { Parameter } from "../../space/parameter.ts";
import { createSpace } from "../../space/space.ts";
import { startPoints, suggestStart } from "./start-points.ts";

const rest = { condition: undefined, default: undefined };
const parameters: readonly Parameter[] = [
  { name: "x", domain: { kind: "real", low: 0, high: 10, log: false, step: undefined }, ...rest },
  { name: "n", domain: { kind: "integer", low: 1, high: 4, log: false, step: 1 }, ...rest },
  { name: "kind", domain: { kind: "categorical", choices: ["a", "b"], ordered: false }, ...rest },
  {
    name: "depth",
    domain: { kind: "real", low: 0, high: 1, log: false, step: undefined },
    ...rest,
    condition: { parent: "kind", values: ["b"] },
  },
];
const space = createSpace(parameters);
const sourceOf = (name: string, points: readonly Source["trials"][number]["params"][]): Source => ({
  name,
  trials: points.map((params, number) => ({ number, params, loss: number })),
});
const many = (x: number) => Array.from({ length: 12 }, (_, i) => ({ x: x + 0.4 * i, n: 2, kind: "a" }));

test("sources take turns, each with its best points that are not alike", () => {
  const starts = startPoints(space, [sourceOf("p", many(0)), sourceOf("q", many(5))], 4);
  // Of 12 trials the best 3 are good, and of these all are alike.
  expect(starts.map(({ source, trial }) => `${source}${trial}`)).toEqual(["p0", "q0"]);
  const spread = sourceOf(
    "r",
    many(0).map(({ x }) => ({ x: 5 * x, n: 2, kind: "a" })),
  );
  expect(startPoints(space, [spread], 2).map(({ trial }) => trial)).toEqual([0, 1]);
  expect(startPoints(space, [], 4)).toEqual([]);
});

test("a start point keeps what it has, takes the rest from elsewhere, and lies in the space", () => {
  const [start] = startPoints(space, [sourceOf("p", [{ x: 2.5, kind: "b" }])], 1);
  const { point, sampler, reason } = suggestStart(space, start!, [0.1, 0.99, 0.1, 0.7], undefined);
  expect(space.toParams(point)).toEqual({ x: 2.5, n: 4, kind: "b", depth: 0.7 });
  expect([sampler, reason]).toEqual(["warm-start", "a good point of the earlier study p: its trial 0"]);
});

test("a start point gives way to fixed coordinates", () => {
  const [start] = startPoints(space, [sourceOf("p", [{ x: 2.5, n: 3, kind: "b", depth: 0.2 }])], 1);
  const fixed = space.toPoint({ kind: "a", x: 7 });
  const { point } = suggestStart(space, start!, [0, 0, 0, 0], fixed);
  expect(space.toParams(point)).toEqual({ x: 7, n: 3, kind: "a" });
});
