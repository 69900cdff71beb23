import { describe, expect, it } from "vitest";
import { domainOf, isSuggestion } from "./suggestion.ts";

const real = (low: number, high: number, log = false, step?: number) => ({
  kind: "real",
  low,
  high,
  log,
  step,
});
const integer = (low: number, high: number, step = 1, log = false) => ({
  kind: "integer",
  low,
  high,
  log,
  step,
});
const choices = (...list: string[]) => ({ kind: "categorical", choices: list, ordered: false });

describe("a suggestion of the Hopaas client", () => {
  it.each([
    ["optuna#int(0,10,2,false)", integer(0, 10, 2)],
    ["optuna#int(2,20,1,true)", integer(2, 20, 1, true)],
    ["optuna#int(10000,200000,10000,False)", integer(10_000, 200_000, 10_000)],
    ["optuna#int(-3,3)", integer(-3, 3)],
    ["optuna#int(1,8,None,None)", integer(1, 8)],
    ["optuna#int(2.0,4.0)", integer(2, 4)],
    ["optuna#float(-10.0,10.0)", real(-10, 10)],
    ["optuna#float(1e-06,0.0001)", real(1e-6, 1e-4)],
    ["optuna#float(-10.0,10.0,None,False)", real(-10, 10)],
    ["optuna#float(-1.0,1.0,0.1,false)", real(-1, 1, false, 0.1)],
    ["optuna#float(0.001, 1000.0, NaN, true)", real(1e-3, 1e3, true)],
    ["optuna#float(0,1,null,0)", real(0, 1)],
    ["optuna#uniform(-50,50)", real(-50, 50)],
    ["optuna#discrete_uniform(0,1)", real(0, 1)],
    ["optuna#discrete_uniform(0,1,0.25)", real(0, 1, false, 0.25)],
    ["optuna#loguniform(0.001,1000.0)", real(1e-3, 1e3, true)],
    ["optuna#log_uniform(0.001,1000.0)", real(1e-3, 1e3, true)],
    ["optuna#categorical(successful,unsuccessful)", choices("successful", "unsuccessful")],
    ["optuna#categorical(only)", choices("only")],
    ["optuna#categorical(a,b,a)", choices("a", "b")],
    ["optuna#categorical(1,2.5, x,f(y),\n)", choices("1", "2.5", " x", "f(y)", "\n")],
  ])("%s", (text, domain) => {
    expect(domainOf("x", text)).toEqual(domain);
  });

  it.each([
    ["optuna#normal(0,1)", "is no suggestion known here"],
    ["optuna#int", "is no suggestion known here"],
    ["optuna#int(1,2", "is no suggestion known here"],
    ["optuna#__proto__(1,2)", "is no suggestion known here"],
    ["optuna#int(1)", "has no high"],
    ["optuna#int()", "has no low"],
    ["optuna#uniform(1,2,3)", "has 3 arguments: expected low, high"],
    ["optuna#int(1,2,1,maybe)", "has log maybe: expected true or false"],
    ["optuna#int(1,2,1,constructor)", "has log constructor"],
    ["optuna#int(1.5,2)", "has low 1.5: expected a whole number"],
    ["optuna#float(a,2)", "has low a: expected a number"],
    ["optuna#float(-inf,2)", "has low -inf: expected a number"],
    ["optuna#float(0,1e999)", "has high 1e999: expected a number"],
    ["optuna#float(2,1)", "has low 2: expected at most high"],
    ["optuna#float(0,1,None,True)", "has low 0: expected above 0"],
    ["optuna#float(1,2,0.5,True)", "expected no step on a logarithmic scale"],
    ["optuna#int(1,9,-1,false)", "has step -1"],
    ["optuna#categorical()", "names no choice"],
  ])("%s is refused with its text", (text, why) => {
    const ask = () => domainOf("width", text);
    expect(ask).toThrow(why);
    expect(ask).toThrow(`width: ${JSON.stringify(text)}`);
  });

  it("is told from a text that is a constant", () => {
    expect(isSuggestion("optuna#whatever")).toBe(true);
    expect(isSuggestion("optuna is nice")).toBe(false);
    expect(isSuggestion(5)).toBe(false);
  });
});
