import { describe, expect, test } from "vitest";
import { checkParameters, normalizeParameters } from "./check-space.ts";
import type { Domain, Parameter, ParameterValue } from "./parameter.ts";

const real = (low: number, high: number, log = false, step?: number): Domain => ({
  kind: "real",
  low,
  high,
  log,
  step,
});
const integer = (low: number, high: number, log = false, step = 1): Domain => ({
  kind: "integer",
  low,
  high,
  log,
  step,
});
const choices = (...all: ParameterValue[]): Domain => ({ kind: "categorical", choices: all, ordered: false });
const parameter = (domain: Domain, rest: Partial<Parameter> = {}): Parameter => {
  return { name: "x", domain, condition: undefined, default: undefined, ...rest };
};
const fields = (...parameters: Parameter[]): string[] =>
  checkParameters(parameters).map(({ field }) => field);

describe("a domain is refused", () => {
  test.each<[string, Domain, string]>([
    ["with low above high", real(1, 0), "real.low"],
    ["with a bound that is not a number", real(NaN, 1), "real.low"],
    ["with an infinite bound", real(0, Infinity), "real.high"],
    ["wider than the largest double", real(-1e308, 1e308), "real.high"],
    ["on a logarithmic scale from 0", real(0, 1, true), "real.low"],
    ["on a logarithmic scale with a step", real(1, 9, true, 1), "real.step"],
    ["with step 0", real(0, 1, false, 0), "real.step"],
    ["with a negative step", integer(0, 9, false, -1), "integer.step"],
    ["with a step that doubles cannot tell apart", real(1e9, 1e9 + 1, false, 1e-8), "real.step"],
    ["of integers beyond 2^53", integer(0, 2 ** 53 + 2), "integer.high"],
    ["of integers with a fraction", integer(0.5, 2), "integer.low"],
    ["of integers with a fractional step", integer(0, 9, false, 1.5), "integer.step"],
    ["of logarithmic integers with a step", integer(1, 9, true, 2), "integer.step"],
    ["of logarithmic integers from 0", integer(0, 9, true), "integer.low"],
    ["without choices", choices(), "categorical.choices"],
    ["with the same choice twice", choices("a", 1, "a"), "categorical.choices[2]"],
    ["with a choice that is not a number", choices(NaN), "categorical.choices[0]"],
  ])("%s", (_, domain, field) => {
    expect(fields(parameter(domain))).toEqual([`parameters[0].${field}`]);
  });
});

test("accepts one point, the widest integers, and choices that differ only in type", () => {
  const all = [real(2, 2), integer(-(2 ** 53), 2 ** 53), choices("1", 1, true, null)];
  expect(fields(...all.map((domain, at) => parameter(domain, { name: `x${at}` })))).toEqual([]);
});

test("names must be given and differ", () => {
  expect(fields(parameter(real(0, 1)), parameter(real(0, 1)), parameter(real(0, 1), { name: "" }))).toEqual([
    "parameters[1].name",
    "parameters[2].name",
  ]);
});

test("a default must lie in the domain", () => {
  expect(fields(parameter(integer(1, 9, false, 2), { default: 4 }))).toEqual(["parameters[0].default"]);
  expect(fields(parameter(integer(1, 9, false, 2), { default: 3 }))).toEqual([]);
});

describe("a condition", () => {
  const child = (parent: string, ...values: ParameterValue[]): Parameter =>
    parameter(real(0, 1), { name: "child", condition: { parent, values } });

  test("may name values of a categorical, an integer or a stepped real parent, declared before or after", () => {
    expect(fields(child("x", "a"), parameter(choices("a", "b")))).toEqual([]);
    expect(fields(parameter(integer(1, 3)), child("x", 2, 3))).toEqual([]);
    expect(fields(parameter(real(0, 1, false, 0.1)), child("x", 0.3))).toEqual([]);
  });

  test("is refused with an unknown or continuous parent, no values, or values outside the parent's domain", () => {
    expect(fields(child("y", 1))).toEqual(["parameters[0].condition.parent"]);
    expect(fields(parameter(real(0, 1)), child("x", 0.5))).toEqual(["parameters[1].condition.parent"]);
    expect(fields(parameter(integer(1, 3)), child("x"))).toEqual(["parameters[1].condition.values"]);
    expect(fields(parameter(integer(1, 3)), child("x", 1, 4))).toEqual(["parameters[1].condition.values[1]"]);
  });

  test("is refused when it leads back to itself", () => {
    const a = parameter(integer(0, 1), { name: "a", condition: { parent: "b", values: [1] } });
    const b = parameter(integer(0, 1), { name: "b", condition: { parent: "a", values: [1] } });
    expect(fields(a, b)).toEqual(["parameters[0].condition.parent", "parameters[1].condition.parent"]);
    const self = parameter(integer(0, 1), { name: "a", condition: { parent: "a", values: [1] } });
    expect(fields(self)).toEqual(["parameters[0].condition.parent"]);
  });
});

test("a high between two grid points is pulled down to the lower one", () => {
  const highs = normalizeParameters([
    parameter(real(0, 1.05, false, 0.1)),
    parameter(integer(1, 10, false, 4)),
  ]);
  expect(highs.map(({ domain }) => domain.kind !== "categorical" && domain.high)).toEqual([1, 9]);
});
