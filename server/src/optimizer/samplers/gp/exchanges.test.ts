import { expect, test } from "vitest";
import type { Domain, Parameter } from "../../space/parameter.ts";
import { createSpace } from "../../space/space.ts";
import { exchangesOf } from "./exchanges.ts";

const named = (name: string, domain: Domain, condition?: Parameter["condition"]): Parameter => ({
  name,
  domain,
  condition,
  default: undefined,
});
const space = createSpace([
  named("kind", { kind: "categorical", choices: ["a", "b", "c"], ordered: false }),
  named("coarse", { kind: "integer", low: 0, high: 4, log: false, step: 1 }),
  named("fine", { kind: "integer", low: 0, high: 40, log: false, step: 1 }),
  named("smooth", { kind: "real", low: 0, high: 1, log: false, step: undefined }),
  named("own", { kind: "integer", low: 0, high: 2, log: false, step: 1 }, { parent: "kind", values: ["c"] }),
]);
const start = space.toPoint({ kind: "a", coarse: 1, fine: 39, smooth: 0.25 });
const list = (fixed?: Float64Array) => exchangesOf(space, start, fixed).map((point) => space.toParams(point));

test("every other value of a coarse grid and of a choice comes once, of a fine grid the nearest ones", () => {
  const rest = { kind: "a", coarse: 1, fine: 39, smooth: 0.25 };
  expect(list()).toEqual([
    { ...rest, kind: "b" },
    { ...rest, kind: "c", own: 1 },
    ...[0, 2, 3, 4].map((coarse) => ({ ...rest, coarse })),
    ...[37, 38, 40].map((fine) => ({ ...rest, fine })),
  ]);
});

test("fixed coordinates stay", () => {
  const fixed = new Float64Array(5).fill(NaN);
  fixed[space.dimensions.findIndex(({ name }) => name === "coarse")] = start[1]!;
  const points = list(fixed);
  expect(points).toHaveLength(5);
  expect(new Set(points.map(({ coarse }) => coarse))).toEqual(new Set([1]));
});
