import { describe, expect, it } from "vitest";
import { GatewayRefusal } from "../refusal.ts";
import { parseConfig } from "./config-file.ts";

/** What is wrong with a configuration, each as `place: message`. */
function faultsOf(text: string): string[] {
  try {
    parseConfig(text);
  } catch (error) {
    if (!(error instanceof GatewayRefusal) || typeof error.detail === "string") throw error;
    expect(error.status).toBe(422);
    return error.detail.map(({ loc, msg }) => `${loc.join(".")}: ${msg}`);
  }
  return [];
}

const base = { condition: undefined, default: undefined };

describe("an OptunAPI configuration", () => {
  it("takes empty fields for absent ones, and y for a name", () => {
    const text = `
x :
  name    : x
  type    : float
  choices :
  low     : -10
  high    :  10
  step    :
  log     : False

y :
  name    : y
  type    : float
  low     : -10
  high    :  10
`;
    const domain = { kind: "real", low: -10, high: 10, log: false, step: undefined };
    expect(parseConfig(text)).toEqual([
      { ...base, name: "x", domain },
      { ...base, name: "y", domain },
    ]);
  });

  it("goes by an entry's name, misspelt or not, and by its key only without one", () => {
    const text = `
learning_rate: {name: learning_rale, type: float, low: 1e-5, high: 1e-2, log: True}
num_units: {type: int, low: 10, high: 100, step: 5}
`;
    expect(parseConfig(text)).toEqual([
      {
        ...base,
        name: "learning_rale",
        domain: { kind: "real", low: 1e-5, high: 1e-2, log: true, step: undefined },
      },
      { ...base, name: "num_units", domain: { kind: "integer", low: 10, high: 100, log: false, step: 5 } },
    ]);
  });

  it("reads choices as PyYAML does: 1e-5 is a text, 1.0e-5 a number, on is true, a date a text", () => {
    const text = `
a:
  name: a
  type: categorical
  choices: [1e-5, 1.0e-5, 1.0e5, 2, on, n, ~, "True", 2020-01-02, 2, 0.5]
`;
    const [parameter] = parseConfig(text);
    expect(parameter?.domain).toEqual({
      kind: "categorical",
      choices: ["1e-5", 1e-5, "1.0e5", 2, true, "n", null, "True", "2020-01-02", 0.5],
      ordered: false,
    });
  });

  it("casts the bounds of int through float, and lets the last of equal keys count", () => {
    const text = `
n:
  name: n
  type: int
  low: 1e1
  high: "2.0e2"
  high: 300.0
  step: 0
  log: 0
`;
    expect(parseConfig(text)[0]?.domain).toEqual({
      kind: "integer",
      low: 10,
      high: 300,
      log: false,
      step: 1,
    });
  });

  it("says everything that is wrong, and where", () => {
    const text = `
a: {name: a, type: float, low: zero, high: 1}
b: {name: b, type: int, low: 1.5, high: 3}
c: {name: c, type: normal, low: 0, high: 1}
d: {name: d, type: categorical, choices: }
e: {name: e, type: float, low: 1, high: 10, step: 2, log: yes}
f: 5
g: {name: g, type: float, low: 0, log: constructor}
h: {name: h, type: categorical, choices: [[1, 2]]}
`;
    expect(faultsOf(text)).toEqual([
      'config.a.low: is "zero": expected a number',
      "config.b.low: is 1.5: expected a whole number",
      'config.c.type: is "normal": expected categorical, float or int',
      "config.d.choices: is no list with a choice in it",
      "config.e.step: cannot be together with log",
      "config.f: expected a mapping with name, type and the rest",
      'config.g.log: is "constructor": expected True or False',
      "config.g.high: is missing: expected a number",
      "config.h.choices: has a choice that is no text that can be stored, no number, True, False or null",
    ]);
  });

  it.each([
    ["a: {name: a, type: float, low: 2, high: 1}", "config.a.low: is 2: expected at most high, which is 1"],
    [
      "a: {name: a, type: int, low: 0, high: 9, log: True}",
      "config.a.low: is 0: expected above 0 on a logarithmic scale",
    ],
    [
      "a: {name: x, type: int, low: 0, high: 9}\nb: {name: x, type: int, low: 0, high: 9}",
      'config.b.name: is "x": expected a name that no other parameter has',
    ],
    ["", "config: expected a mapping with an entry for each parameter"],
    ["[1, 2]", "config: expected a mapping with an entry for each parameter"],
  ])("refuses %j", (text, fault) => {
    expect(faultsOf(text)).toEqual([fault]);
  });

  it("refuses what is no YAML, and aliases that grow without end", () => {
    expect(faultsOf("a: {name: [")[0]).toMatch(/^config: /);
    const bomb = `a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]\n${["b", "c", "d", "e", "f", "g", "h"]
      .map((key, index) => `${key}: &${key} [${Array(9).fill(`*${"abcdefg"[index]}`).join(", ")}]`)
      .join("\n")}`;
    expect(faultsOf(bomb)).toHaveLength(1);
  });
});
