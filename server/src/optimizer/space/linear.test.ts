import { describe, expect, test } from "vitest";
import { createStream } from "../numerics/stream.ts";
import { drawUniform } from "../samplers/random.ts";
import { checkLinear } from "./check-linear.ts";
import type { LinearConstraint } from "./linear.ts";
import type { Domain, Parameter } from "./parameter.ts";
import { createSpace } from "./space.ts";

const parameter = (name: string, domain: Domain): Parameter => ({
  name,
  domain,
  condition: undefined,
  default: undefined,
});
const real = (name: string, low = 0, high = 1, log = false): Parameter =>
  parameter(name, { kind: "real", low, high, log, step: undefined });
const whole = (name: string, low: number, high: number, step = 1, log = false): Parameter =>
  parameter(name, { kind: "integer", low, high, log, step });
/** `upper` is at least the sum of coefficients times parameters. */
const atMost = (upper: number, terms: Readonly<Record<string, number>>): LinearConstraint => ({
  terms: Object.entries(terms).map(([name, coefficient]) => ({ parameter: name, coefficient })),
  upper,
});
const sumOf = ({ terms }: LinearConstraint, params: Readonly<Record<string, unknown>>): number =>
  terms.reduce((sum, { parameter: name, coefficient }) => sum + coefficient * Number(params[name]), 0);

describe("a point", () => {
  test("keeps a bound that it exceeds only by rounding", () => {
    const space = createSpace([real("a"), real("b")], [atMost(0.3, { a: 1, b: 1 })]);
    expect(0.1 + 0.2 > 0.3).toBe(true);
    expect(space.linear.keeps(space.toPoint({ a: 0.1, b: 0.2 }))).toBe(true);
    expect(space.linear.keeps(space.toPoint({ a: 0.1, b: 0.2001 }))).toBe(false);
  });

  test("that breaks constraints is told which, by how much, and what would do", () => {
    const constraints = [atMost(1, { a: 1 }), atMost(2, { n: 2, a: -1 })];
    const space = createSpace([real("a"), whole("n", 0, 9)], constraints);
    expect(space.linear.explain({ a: 0.5, n: 1 })).toBeUndefined();
    expect(space.linear.explain({ a: 0.5, n: 2 })).toBe(
      "breaks linear_constraints[1]: 2 n − a is 3.5, expected at most 2",
    );
    expect(space.linear.explain({ a: 0.5 })).toBeUndefined();
    expect(space.linear.explain({ n: 2 })).toBe(
      "leaves the other parameters no values that keep a ≤ 1 and 2 n − a ≤ 2",
    );
  });
});

/** Spaces in which chance finds nothing or little. */
const cases: Readonly<Record<string, readonly [Parameter[], LinearConstraint[]]>> = {
  "shares of a whole": [
    ["a", "b", "c", "d"].map((name) => real(name)),
    [atMost(1, { a: 1, b: 1, c: 1, d: 1 }), atMost(-1, { a: -1, b: -1, c: -1, d: -1 })],
  ],
  "an order of nine numbers": [
    Array.from({ length: 9 }, (_, k) => real(`x${k}`, -5, 5)),
    Array.from({ length: 8 }, (_, k) => atMost(0, { [`x${k}`]: 1, [`x${k + 1}`]: -1 })),
  ],
  "whole numbers that add up to 100": [
    ["a", "b", "c"].map((name) => whole(name, 0, 100)),
    [atMost(100, { a: 1, b: 1, c: 1 }), atMost(-100, { a: -1, b: -1, c: -1 })],
  ],
  "whole numbers in steps, and a real number between them": [
    [whole("a", 1, 99, 7), whole("b", 0, 96, 4), real("x", 0, 200)],
    [atMost(30, { a: 1, b: 1 }), atMost(0, { a: 2, x: -1 }), atMost(-0.5, { x: 1, a: -2, b: -1 })],
  ],
  "logarithmic scales": [
    [real("rate", 1e-6, 1, true), real("decay", 1e-8, 1, true), whole("n", 1, 1024, 1, true)],
    [atMost(0, { rate: 1, decay: -0.01 }), atMost(1e-3, { decay: 1 }), atMost(-2, { n: -0.5, rate: 1 })],
  ],
  "thin and slanted": [
    [real("x"), real("y"), real("z")],
    [atMost(1e-6, { x: 1, y: -1.001 }), atMost(0, { x: -1, y: 1.0005 }), atMost(-0.6, { z: -1, x: 0.5 })],
  ],
  "a grid of decimals": [
    ["a", "b", "c"].map((name) => parameter(name, { kind: "real", low: 0, high: 1, log: false, step: 0.1 })),
    [atMost(0.3, { a: 1, b: 1, c: 1 })],
  ],
};

describe.each(Object.entries(cases))("%s", (_, [parameters, constraints]) => {
  const space = createSpace(parameters, constraints);

  test("are accepted, and every uniform draw keeps them", () => {
    expect(checkLinear(parameters, constraints)).toEqual([]);
    const keys = new Set<string>();
    for (let at = 0; at < 60; at++) {
      const point = drawUniform(space, createStream(at), undefined);
      expect(space.linear.keeps(point)).toBe(true);
      expect(space.check(space.toParams(point))).toEqual([]);
      expect(space.linear.explain(space.toParams(point))).toBeUndefined();
      keys.add(space.key(space.toParams(point)));
    }
    expect(keys.size).toBeGreaterThan(10);
  });

  test("are kept with one or two coordinates fixed as in some point that keeps them", () => {
    for (let at = 0; at < 40; at++) {
      const known = drawUniform(space, createStream(at, "whole"), undefined);
      const fixed = known.map((unit, index) => (index === at % known.length || index === 1 ? unit : NaN));
      const point = drawUniform(space, createStream(at, "fixed"), fixed);
      fixed.forEach((unit, index) => Number.isNaN(unit) || expect(point[index]).toBe(unit));
      expect(space.linear.keeps(point)).toBe(true);
    }
  });
});

test("moving a point to a single bound goes the shortest way in the cube", () => {
  const space = createSpace([real("a"), real("b", 0, 10)], [atMost(1, { a: 1, b: 0.1 })]);
  const moved = space.linear.nearest(Float64Array.of(0.9, 0.7), undefined)!;
  expect([...moved]).toEqual([expect.closeTo(0.6, 6), expect.closeTo(0.4, 6)]);
  expect(sumOf(space.linear.constraints[0]!, space.toParams(moved))).toBeLessThanOrEqual(1);
  const inside = Float64Array.of(0.2, 0.7);
  expect(space.linear.nearest(inside, undefined)).toEqual(inside);
});

test("hundreds of parameters under many constraints are moved in a fraction of a second's work, or given up", () => {
  const parameters = Array.from({ length: 256 }, (_, k) => whole(`n${k}`, 0, 9));
  const stream = createStream(7);
  const constraints = Array.from({ length: 32 }, (_, j) =>
    atMost(
      3,
      Object.fromEntries(parameters.slice(8 * j, 8 * j + 64).map(({ name }) => [name, stream.normal()])),
    ),
  );
  const space = createSpace(parameters, constraints);
  const before = process.cpuUsage();
  for (let at = 0; at < 5; at++) {
    const point = drawUniform(space, createStream(at), undefined);
    expect(space.linear.keeps(point)).toBe(true);
  }
  expect(process.cpuUsage(before).user).toBeLessThan(10e6); // microseconds
});

describe("declarations are refused", () => {
  const parameters: Parameter[] = [
    real("a"),
    whole("n", 0, 4),
    parameter("kind", { kind: "categorical", choices: ["x", "y"], ordered: false }),
    { ...real("depth"), condition: { parent: "kind", values: ["x"] } },
  ];
  const fieldsOf = (...constraints: LinearConstraint[]): string[] =>
    checkLinear(parameters, constraints).map(({ field }) => field);

  test("that name what is no number, is not always there, or is not there at all", () => {
    expect(fieldsOf(atMost(1, { a: 1 }), atMost(1, { a: 1, kind: 1, depth: 1, other: 1 }))).toEqual([
      "linear_constraints[1].terms[1].parameter",
      "linear_constraints[1].terms[2].parameter",
      "linear_constraints[1].terms[3].parameter",
    ]);
  });

  test("without terms, with coefficients that are 0 or endless, with a parameter twice", () => {
    expect(fieldsOf({ terms: [], upper: 1 })).toEqual(["linear_constraints[0].terms"]);
    expect(fieldsOf(atMost(Infinity, { a: 0, n: NaN }))).toEqual([
      "linear_constraints[0].upper",
      "linear_constraints[0].terms[0].coefficient",
      "linear_constraints[0].terms[1].coefficient",
    ]);
    const term = { parameter: "a", coefficient: 1 };
    expect(fieldsOf({ terms: [term, term], upper: 1 })).toEqual(["linear_constraints[0].terms[1].parameter"]);
  });

  test("that no point keeps, on the grid either", () => {
    expect(fieldsOf(atMost(-0.1, { a: 1 }))).toEqual(["linear_constraints"]);
    expect(fieldsOf(atMost(1.9, { n: 1 }), atMost(-1.1, { n: -1 }))).toEqual(["linear_constraints"]);
    expect(fieldsOf(atMost(2, { n: 1 }), atMost(-2, { n: -1 }))).toEqual([]);
  });
});
