import { expect, test } from "vitest";
import { minimize, type Objective } from "./minimize.ts";

const rosenbrock: Objective = (x, gradient) => {
  gradient.fill(0);
  let value = 0;
  for (let i = 0; i + 1 < x.length; i++) {
    const bend = x[i + 1]! - x[i]! ** 2;
    const rest = 1 - x[i]!;
    value += 100 * bend * bend + rest * rest;
    gradient[i] = gradient[i]! - 400 * bend * x[i]! - 2 * rest;
    gradient[i + 1] = gradient[i + 1]! + 200 * bend;
  }
  return value;
};
const box = (n: number, low: number, high: number) => ({
  lower: new Float64Array(n).fill(low),
  upper: new Float64Array(n).fill(high),
});

test("finds the end of a curved valley", () => {
  const options = { ...box(5, -2, 2), maxEvaluations: 300, valueTolerance: 1e-12 };
  const { x, value } = minimize(rosenbrock, new Float64Array(5).fill(-1), options);
  expect(value).toBeLessThan(1e-8);
  for (const coordinate of x) expect(coordinate).toBeCloseTo(1, 3);
});

test("stops at bounds where the minimum lies beyond them", () => {
  // scipy.optimize.minimize(method="L-BFGS-B") finds 0.80693071 at (0.5, 0.25742, 0.06627).
  const { x, value } = minimize(rosenbrock, new Float64Array(3).fill(-1), {
    ...box(3, -2, 0.5),
    maxEvaluations: 300,
  });
  expect(x[0]).toBe(0.5);
  expect(value).toBeCloseTo(0.8069307, 6);
});

test("keeps to the number of evaluations and to the box", () => {
  let calls = 0;
  const counted: Objective = (x, gradient) => {
    calls++;
    expect(x.every((coordinate) => coordinate >= -0.2 && coordinate <= 0.9)).toBe(true);
    return rosenbrock(x, gradient);
  };
  const { evaluations } = minimize(counted, new Float64Array(6), {
    ...box(6, -0.2, 0.9),
    maxEvaluations: 12,
  });
  expect(calls).toBeLessThanOrEqual(12);
  expect(evaluations).toBe(calls);
});

test("backs away from where the value is not finite", () => {
  const logarithm: Objective = (x, gradient) => {
    gradient[0] = 1 - 1 / x[0]!;
    return x[0]! > 0 ? x[0]! - Math.log(x[0]!) : Infinity;
  };
  const { x } = minimize(logarithm, Float64Array.of(9), { ...box(1, -50, 50), firstStep: 40 });
  expect(x[0]).toBeCloseTo(1, 3);
});
