import { describe, expect, test } from "vitest";
import { createStream } from "../numerics/stream.ts";
import { drawUniform } from "../samplers/random.ts";
import type { Domain } from "./parameter.ts";
import { createScale } from "./create-scale.ts";
import { createSpace } from "./space.ts";

const real = { kind: "real", low: 0, high: 10, log: false, step: undefined } as const;

/** What the random sampler draws of one parameter. */
function drawn(domain: Domain, count = 4_000) {
  const space = createSpace([{ name: "x", domain, condition: undefined, default: undefined }]);
  return Array.from(
    { length: count },
    (_, at) => space.toParams(drawUniform(space, createStream(5, at), undefined))["x"]!,
  );
}
const share = <T>(values: readonly T[], holds: (value: T) => boolean): number =>
  values.filter(holds).length / values.length;

describe("a normal prior", () => {
  test("is what random suggestions follow, but for a tenth that is spread over the domain", () => {
    const values = drawn({ ...real, prior: { mean: 7, deviation: 0.5 } }).map(Number);
    const within = (k: number) => share(values, (value) => Math.abs(value - 7) <= 0.5 * k);
    // Nine tenths of 68.3 % and 95.4 %, and a tenth of the interval's share of the domain.
    expect(within(1)).toBeCloseTo(0.9 * 0.683 + 0.1 * 0.1, 1);
    expect(within(2)).toBeCloseTo(0.9 * 0.954 + 0.1 * 0.2, 1);
    expect(share(values, (value) => value < 4)).toBeCloseTo(0.04, 1);
  });

  test("is log-normal on a logarithmic scale", () => {
    const prior = { mean: 1e-3, deviation: Math.LN2 };
    const values = drawn({ ...real, low: 1e-5, high: 0.1, log: true, prior }).map(Number);
    expect(share(values, (value) => value >= 5e-4 && value <= 2e-3)).toBeCloseTo(0.9 * 0.683 + 0.015, 1);
    expect(share(values, (value) => value < 1e-3)).toBeCloseTo(0.5, 1);
  });

  test("is cut at the bounds, beyond which nothing is suggested", () => {
    const values = drawn({ ...real, prior: { mean: 0, deviation: 1 } }).map(Number);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(share(values, (value) => value <= 1)).toBeCloseTo(0.9 * 0.683 + 0.01, 1);
  });

  test("weighs whole numbers by their cells", () => {
    const values = drawn({
      kind: "integer",
      low: 1,
      high: 9,
      log: false,
      step: 1,
      prior: { mean: 3, deviation: 1 },
    });
    // Φ(0.5) − Φ(−0.5), over what of the bell lies between 0.5 and 9.5.
    expect(share(values, (value) => value === 3)).toBeCloseTo((0.9 * 0.3829) / 0.9938 + 0.1 / 9, 1);
    expect(new Set(values).size).toBe(9);
  });

  test("keeps values through coordinates and back", () => {
    const scale = createScale({ ...real, prior: { mean: 2, deviation: 1e-4 } });
    for (const value of [0, 1e-3, 1.9, 1.9999, 2, 2.0001, 5, 10])
      expect(scale.toValue(scale.toUnit(value))).toBeCloseTo(value, 12);
    expect([scale.toUnit(0), scale.toUnit(10)]).toEqual([0, 1]);
    expect(scale.toUnit("2")).toBeNaN();
  });
});

test("weights of choices are what random suggestions follow", () => {
  const values = drawn({ kind: "categorical", choices: ["a", "b", "c"], ordered: false, weights: [1, 2, 5] });
  for (const [choice, weight] of [
    ["a", 1],
    ["b", 2],
    ["c", 5],
  ] as const)
    expect(share(values, (value) => value === choice)).toBeCloseTo(weight / 8, 1);
});
