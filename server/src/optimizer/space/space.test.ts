import { fc } from "../../../../test/support/fast-check.ts";
import { describe, expect, test } from "vitest";
import { arbitraryParameters } from "../../../../test/support/arbitrary-space.ts";
import { createStream } from "../numerics/stream.ts";
import { drawUniform } from "../samplers/random.ts";
import { checkParameters, normalizeParameters } from "./check-space.ts";
import { enumerate } from "./enumerate.ts";
import type { Domain, Parameter } from "./parameter.ts";
import { createSpace, type Space } from "./space.ts";

const parameter = (name: string, domain: Domain, condition?: Parameter["condition"]): Parameter => {
  return { name, domain, condition, default: undefined };
};
const integer = (low: number, high: number, step = 1, log = false): Domain => ({
  kind: "integer",
  low,
  high,
  log,
  step,
});
const real = (low: number, high: number, step?: number): Domain => ({
  kind: "real",
  low,
  high,
  log: false,
  step,
});
const choice = (...choices: (string | number | boolean | null)[]): Domain => {
  return { kind: "categorical", choices, ordered: false };
};
const tree = createSpace([
  parameter("kind", choice("a", "b", "c")),
  parameter("depth", integer(1, 3), { parent: "kind", values: ["a", "b"] }),
  parameter("rate", real(0, 0.3, 0.1), { parent: "depth", values: [3] }),
]);

const spaces = arbitraryParameters().map((parameters) => createSpace(normalizeParameters(parameters)));
const points = (space: Space, seed: number, count = 20) =>
  Array.from({ length: count }, (_, at) => drawUniform(space, createStream(seed, at), undefined));

describe("any space", () => {
  test("is accepted by its own check", () => {
    fc.assert(
      fc.property(arbitraryParameters(), (parameters) => {
        expect(checkParameters(parameters)).toEqual([]);
        expect(checkParameters(normalizeParameters(parameters))).toEqual([]);
      }),
    );
  });

  test("gives values for every point that pass its check, in the order of declaration", () => {
    fc.assert(
      fc.property(spaces, fc.nat(), (space, seed) => {
        for (const point of points(space, seed)) {
          const params = space.toParams(point);
          expect(space.check(params)).toEqual([]);
          const names = Object.keys(params);
          expect(names).toEqual(
            space.parameters.map(({ name }) => name).filter((name) => names.includes(name)),
          );
        }
      }),
    );
  });

  test("returns from values to coordinates to the same values and the same key", () => {
    fc.assert(
      fc.property(spaces, fc.nat(), (space, seed) => {
        for (const point of points(space, seed)) {
          const params = space.toParams(point);
          expect(space.canonical(params)).toEqual(params);
          const again = space.toParams(space.toPoint(params));
          for (const { kind, name, toUnit } of space.dimensions) {
            if (!Object.hasOwn(params, name)) expect(Object.hasOwn(again, name)).toBe(false);
            else if (kind === "continuous")
              expect(toUnit(again[name]!)).toBeCloseTo(toUnit(params[name]!), 9);
            else expect(again[name]).toBe(params[name]);
          }
          expect(space.key(params)).toBe(space.key({ ...params }));
        }
      }),
    );
  });

  test("has coordinates within the cube exactly where a parameter is active", () => {
    fc.assert(
      fc.property(spaces, fc.nat(), (space, seed) => {
        for (const drawn of points(space, seed)) {
          const point = space.toPoint(space.toParams(drawn));
          point.forEach((unit, index) => {
            expect(Number.isNaN(unit)).toBe(!space.isActive(point, index));
            if (!Number.isNaN(unit)) expect(unit >= 0 && unit <= 1).toBe(true);
          });
        }
      }),
    );
  });

  test("that is finite has as many different keys as its size, each at its own rank", () => {
    const finite = arbitraryParameters({ finite: true, maxParameters: 4 });
    fc.assert(
      fc.property(finite, (parameters) => {
        const space = createSpace(normalizeParameters(parameters));
        fc.pre(space.size <= 2000);
        const { size, rank, unrank } = enumerate(space.dimensions);
        expect(size).toBe(space.size);
        const keys = new Set<string>();
        for (let at = 0; at < size; at++) {
          const point = unrank(at);
          const params = space.toParams(point);
          expect(space.check(params)).toEqual([]);
          expect(space.toPoint(params)).toEqual(point);
          expect(rank(point)).toBe(at);
          keys.add(space.key(params));
        }
        expect(keys.size).toBe(size);
      }),
      { numRuns: 200 },
    );
  });

  test("counts, under fixed coordinates, exactly the points that have them", () => {
    const finite = arbitraryParameters({ finite: true, maxParameters: 4 });
    fc.assert(
      fc.property(finite, fc.nat(), fc.nat(), (parameters, seed, mask) => {
        const space = createSpace(normalizeParameters(parameters));
        fc.pre(space.size <= 500);
        const all = enumerate(space.dimensions);
        const example = all.unrank(seed % all.size);
        const fixed = example.map((unit, index) => ((mask >> index) & 1 ? unit : NaN));
        const some = enumerate(space.dimensions, fixed);
        const matching = Array.from({ length: all.size }, (_, at) => all.unrank(at)).filter((point) =>
          point.every((unit, index) => Number.isNaN(fixed[index]!) || unit === fixed[index]),
        );
        expect(some.size).toBe(matching.length);
        expect(new Set(matching.map((point) => some.rank(point))).size).toBe(matching.length);
        for (const point of matching) expect(some.unrank(some.rank(point))).toEqual(point);
      }),
      { numRuns: 200 },
    );
  });
});

describe("size", () => {
  test("counts conditional branches, not the product of all parameters", () => {
    expect(tree.size).toBe(2 * (1 + 1 + 4) + 1);
  });

  test("is infinite for a continuous parameter and beyond 2^53 points", () => {
    expect(createSpace([parameter("x", real(0, 1))]).size).toBe(Infinity);
    expect(createSpace([parameter("x", integer(0, 2 ** 40)), parameter("y", integer(0, 2 ** 40))]).size).toBe(
      Infinity,
    );
    expect(createSpace([parameter("x", real(2, 2)), parameter("y", integer(0, 9))]).size).toBe(10);
  });

  test("of a space without parameters is one", () => {
    expect(createSpace([]).size).toBe(1);
  });
});

describe("check", () => {
  test("names unknown, missing, inactive and wrong values with what is expected", () => {
    expect(tree.check({ kind: "a", depth: 9, lr: 1 })).toEqual([
      { parameter: "lr", value: "1", expected: "one of the study's parameters: kind, depth, rate" },
      { parameter: "depth", value: "9", expected: "a whole number from 1 to 3" },
    ]);
    expect(tree.check({ kind: "a" })).toEqual([
      { parameter: "depth", value: "", expected: "a whole number from 1 to 3" },
    ]);
    expect(tree.check({ kind: "c", depth: 1 })).toEqual([
      { parameter: "depth", value: "1", expected: 'no value: it is active only where kind is "a" or "b"' },
    ]);
    expect(tree.check({ kind: "a", depth: 3, rate: 0.25 })).toEqual([
      { parameter: "rate", value: "0.25", expected: "a number from 0 to 0.3 in steps of 0.1" },
    ]);
    expect(tree.check({ kind: "A", depth: 1 })[0]).toEqual({
      parameter: "kind",
      value: '"A"',
      expected: 'one of "a", "b", "c"',
    });
  });

  test("lets values be missing when they only fix some coordinates, but not contradict each other", () => {
    expect(tree.check({ rate: 0.1 }, { partial: true })).toEqual([]);
    expect(tree.check({ depth: 2, rate: 0.1 }, { partial: true })).toHaveLength(1);
    const branches = createSpace([
      parameter("kind", choice("a", "b")),
      parameter("x", integer(0, 9), { parent: "kind", values: ["a"] }),
      parameter("y", integer(0, 9), { parent: "kind", values: ["b"] }),
    ]);
    expect(branches.check({ x: 1, y: 1 }, { partial: true })).toHaveLength(1);
  });

  test("refuses values of another type and numbers that are none", () => {
    const space = createSpace([
      parameter("x", real(0, 1)),
      parameter("n", integer(0, 9)),
      parameter("c", choice(1, "1", null)),
    ]);
    expect(space.check({ x: "0.5", n: true, c: false })).toHaveLength(3);
    expect(space.check({ x: NaN, n: Infinity, c: null })).toHaveLength(2);
  });
});

describe("values", () => {
  test("at both ends of the widest integer range are in it", () => {
    const space = createSpace([parameter("n", integer(-(2 ** 53), 2 ** 53))]);
    for (const n of [-(2 ** 53), 0, 2 ** 53]) {
      expect(space.check({ n })).toEqual([]);
      expect(space.toParams(space.toPoint({ n }))).toEqual({ n });
    }
    expect(space.check({ n: 2 ** 53 + 4 })).toHaveLength(1);
  });

  test("near the grid snap to it, and grid values read as people write them", () => {
    const space = createSpace([parameter("x", real(0.1, 1.05, 0.1)), parameter("n", integer(1, 9, 2))]);
    expect(space.canonical({ x: 0.30000000000000004, n: 3.0000000001 })).toEqual({ x: 0.3, n: 3 });
    expect(space.check({ x: 0.3, n: 3.01 })).toHaveLength(1);
    expect(space.toParams(Float64Array.of(1, 1))).toEqual({ x: 1, n: 9 });
  });

  test("of the widest integers are exact", () => {
    const space = createSpace([parameter("n", integer(-(2 ** 53), 2 ** 53))]);
    for (const n of [-(2 ** 53), -1, 0, 2 ** 53]) expect(space.canonical({ n })).toEqual({ n });
  });

  test("of parameters named like built-in properties stay data", () => {
    const space = createSpace([parameter("__proto__", integer(1, 3)), parameter("constructor", choice("a"))]);
    const params = space.toParams(Float64Array.of(0.5, 0.5));
    expect(Object.keys(params)).toEqual(["__proto__", "constructor"]);
    expect(space.check(params)).toEqual([]);
    expect(space.check({})).toHaveLength(2);
  });

  test("that mean the same point have the same key, others another", () => {
    const space = createSpace([parameter("x", real(0, 1, 0.1)), parameter("c", choice("1", 1, null, true))]);
    expect(space.key({ x: 0.1 + 0.2, c: 1 })).toBe(space.key({ c: 1, x: 0.3 }));
    expect(space.key({ x: -0, c: 1 })).toBe(space.key({ x: 0, c: 1 }));
    expect(new Set(["1", 1, null, true].map((c) => space.key({ x: 0, c }))).size).toBe(4);
    expect(tree.key({ kind: "c", depth: 2 })).toBe(tree.key({ kind: "c" }));
  });
});
