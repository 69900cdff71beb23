import { expect, test } from "vitest";
import { erf, erfc, erfcx } from "./error-function.ts";

/** Values by SciPy 1.17.1 (scipy.special), which are correct to the last digits. */
const erfValues = [
  [-30, -1],
  [-1.2, -0.9103139782296353],
  [-0.46875, -0.492613473217938],
  [0, 0],
  [1e-9, 1.1283791670955127e-9],
  [0.3, 0.3286267594591274],
  [0.47, 0.49374505088608206],
  [2.5, 0.999593047982555],
  [7, 1],
] as const;
const erfcValues = [
  [-3.7, 1.9999998328489421],
  [0.3, 0.6713732405408726],
  [1, 0.15729920705028516],
  [3.999, 1.5544749490995007e-8],
  [4.001, 1.5290782173248722e-8],
  [20, 5.395865611607901e-176],
  [26, 5.663192408856145e-296],
] as const;
const erfcxValues = [
  [-6, 8622463094230390],
  [-0.1, 1.123643354199209],
  [0.47, 0.6314005166600344],
  [2.5, 0.2108063640611436],
  [4.001, 0.13696708158271878],
  [26, 0.02168358485056291],
  [1e6, 5.641895835474742e-7],
] as const;

const relative = (value: number, wanted: number): number =>
  value === wanted ? 0 : Math.abs(value - wanted) / Math.abs(wanted);

test("erf agrees with SciPy to 1e-15", () => {
  for (const [x, wanted] of erfValues) expect(relative(erf(x), wanted)).toBeLessThan(1e-15);
});

test("erfc agrees with SciPy to 3e-15 into the far tail", () => {
  for (const [x, wanted] of erfcValues) expect(relative(erfc(x), wanted)).toBeLessThan(3e-15);
});

test("erfcx agrees with SciPy to 1e-15", () => {
  for (const [x, wanted] of erfcxValues) expect(relative(erfcx(x), wanted)).toBeLessThan(1e-15);
});

test("at infinity all three have their limits", () => {
  expect([erf(Infinity), erf(-Infinity), erfc(Infinity), erfc(-Infinity)]).toEqual([1, -1, 0, 2]);
  expect([erfcx(Infinity), erfcx(-Infinity)]).toEqual([0, Infinity]);
});
