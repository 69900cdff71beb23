import { fc } from "../../../../test/support/fast-check.ts";
import { describe, expect, test } from "vitest";
import { oddNames, someFilter } from "../../../../test/support/arbitrary-filter.ts";
import type { TrialFilter } from "../../store/hot/trial-query.ts";
import { StudyError } from "../errors.ts";
import { filterLimits, parseFilter } from "./parse-filter.ts";
import { printFilter } from "./print.ts";

const names = { objectives: ["loss", "size"], parameters: ["lr", "act", "learning rate"] };
const parse = (text: string) => parseFilter(text, names);

/** What is wrong with a filter. */
function problem(text: string): string {
  try {
    parse(text);
  } catch (error) {
    if (!(error instanceof StudyError) || error.reason !== "INVALID_REQUEST") throw error;
    const [first, ...others] = error.problems;
    if (first?.field === "filter" && others.length === 0) return first.description;
    throw error;
  }
  return "none";
}

const lr = { kind: "params", name: "lr" } as const;
const compare = (field: object, operator: string, value: unknown) => ({
  kind: "comparison",
  field,
  operator,
  value,
});
const loss = { kind: "values", name: "loss", index: 0 };

describe("a filter means", () => {
  test.for<[string, unknown]>([
    ["number = 3", compare({ kind: "number" }, "=", 3)],
    ["attempt>=2", compare({ kind: "attempt" }, ">=", 2)],
    ["values.loss < 0.1", compare(loss, "<", 0.1)],
    ["values.size!=1e3", compare({ kind: "values", name: "size", index: 1 }, "!=", 1000)],
    ["params.lr >= 1e-3", compare(lr, ">=", 0.001)],
    ["params.lr<-5", compare(lr, "<", -5)],
    ["params.lr = +.5", compare(lr, "=", 0.5)],
    ["params.lr = -0", compare(lr, "=", 0)],
    ["params.lr = NaN", compare(lr, "=", NaN)],
    ["params.lr < Infinity", compare(lr, "<", Infinity)],
    ["params.lr > -Infinity", compare(lr, ">", -Infinity)],
    ["params.lr = true", compare(lr, "=", true)],
    ["params.lr = false", compare(lr, "=", false)],
    ["params.lr = null", compare(lr, "=", null)],
    ["params.act = relu", compare({ kind: "params", name: "act" }, "=", "relu")],
    ["params.act = constructor", compare({ kind: "params", name: "act" }, "=", "constructor")],
    ['params.act = "1"', compare({ kind: "params", name: "act" }, "=", "1")],
    ["params.lr = 0x10", compare(lr, "=", "0x10")],
    ['params."learning rate" = 1', compare({ kind: "params", name: "learning rate" }, "=", 1)],
    ["metrics.any/thing-1.x < 1", compare({ kind: "metrics", name: "any/thing-1.x" }, "<", 1)],
    ['metrics."two words"<1', compare({ kind: "metrics", name: "two words" }, "<", 1)],
    ["worker = 7", compare({ kind: "worker" }, "=", "7")],
    ["worker = null", compare({ kind: "worker" }, "=", "null")],
    ['worker = "AND"', compare({ kind: "worker" }, "=", "AND")],
    ['worker = "a\\"b\\\\c\\n\\u00fc\\ud83d\\ude00"', compare({ kind: "worker" }, "=", 'a"b\\c\nü😀')],
    ["state = COMPLETED", { kind: "state", operator: "=", state: "completed" }],
    ["state != trial_state_pruned", { kind: "state", operator: "!=", state: "pruned" }],
    ['state = "TRIAL_STATE_Running"', { kind: "state", operator: "=", state: "running" }],
    ["\n\tnumber\u00a0=\r\n3 ", compare({ kind: "number" }, "=", 3)],
  ])("%s", ([text, expected]) => {
    expect(parse(text)).toEqual(expected);
  });

  const [a, b, c] = ["1", "2", "3"].map((text) => compare({ kind: "number" }, "=", Number(text)));
  test.for<[string, unknown]>([
    ["number=1 AND number=2 OR number=3", { kind: "and", operands: [a, { kind: "or", operands: [b, c] }] }],
    ["number=1 OR number=2 AND number=3", { kind: "and", operands: [{ kind: "or", operands: [a, b] }, c] }],
    ["(number=1 AND number=2) OR number=3", { kind: "or", operands: [{ kind: "and", operands: [a, b] }, c] }],
    ["NOT number=1 OR number=2", { kind: "or", operands: [{ kind: "not", operand: a }, b] }],
    ["NOT(number=1)AND number=2", { kind: "and", operands: [{ kind: "not", operand: a }, b] }],
    ["NOT NOT ((number=1))", { kind: "not", operand: { kind: "not", operand: a } }],
    ["number=1 AND number=2 AND number=3", { kind: "and", operands: [a, b, c] }],
  ])("with OR tighter than AND, NOT tighter than both: %s", ([text, expected]) => {
    expect(parse(text)).toEqual(expected);
  });

  test("every trial, if it is blank", () => {
    expect(parse("")).toBeUndefined();
    expect(parse(" \n")).toBeUndefined();
  });
});

describe("a refusal says where, what was found and what is accepted", () => {
  test.for([
    ["values.acc < 1", 'at character 1: the study has no objective "acc"; it has "loss", "size"'],
    [
      "number=1 AND params.lrr = 1",
      'at character 14: the study has no parameter "lrr"; it has "lr", "act", "learning rate"',
    ],
    ["lr < 1", 'at character 1: found "lr", which is no field: the parameter is written params.lr'],
    ["loss < 1", 'at character 1: found "loss", which is no field: the objective is written values.loss'],
    [
      "foo = 1",
      'at character 1: found "foo", which is no field: expected number, state, worker, attempt, params.NAME, values.NAME or metrics.NAME',
    ],
    [
      "worker = 😀 AND oops = 1",
      'at character 16: found "oops", which is no field: expected number, state, worker, attempt, params.NAME, values.NAME or metrics.NAME',
    ],
    ["metrics. < 1", 'at character 10: found "<", expected a name behind metrics.'],
    ['params. "lr" = 1', 'at character 9: found the text "lr", expected a name behind params.'],
    ['metrics."" < 1', "at character 9: found an empty name, expected a name behind metrics."],
    ["number", "at character 7: found the end, expected an operator: =, !=, <, <=, >, >="],
    ["number : 1", 'at character 8: found ":", expected an operator: =, !=, <, <=, >, >='],
    [
      "number == 1",
      'at character 9: found "=", expected a value: a number, a word, text in double quotes, true, false or null',
    ],
    [
      "number =",
      "at character 9: found the end, expected a value: a number, a word, text in double quotes, true, false or null",
    ],
    [
      "worker = NOT",
      'at character 10: found "NOT", expected a value: a number, a word, text in double quotes, true, false or null',
    ],
    ["number = 1 and number = 2", 'at character 12: found "and", expected AND, OR (in capitals) or the end'],
    ["number = 1 number = 2", 'at character 12: found "number", expected AND, OR (in capitals) or the end'],
    ["number = 1)", 'at character 11: found ")", expected AND, OR (in capitals) or the end'],
    ["(number = 1", "at character 12: found the end, expected AND, OR or )"],
    [
      "number = 1 AND",
      "at character 15: found the end, expected NOT, ( or a field: number, state, worker, attempt, params.NAME, values.NAME or metrics.NAME",
    ],
    [
      "AND number = 1",
      'at character 1: found "AND", expected NOT, ( or a field: number, state, worker, attempt, params.NAME, values.NAME or metrics.NAME',
    ],
    ["!number = 1", 'at character 1: found !, but "not" is written NOT, and "not equal" !='],
    ["worker = 'a'", 'at character 10: found \', but text is written in double quotes: "…"'],
    ['worker = "a', "at character 10: found a double quote that is never closed"],
    [
      'worker = "\\x"',
      'at character 11: found the escape "\\\\x": accepted are \\" \\\\ \\/ \\b \\f \\n \\r \\t and \\uXXXX',
    ],
    ['worker = "\\u12"', "at character 11: found \\u without four hexadecimal digits"],
    ['worker = "\\ud800"', "at character 10: found half of a surrogate pair, which is no character"],
    ['worker = "\\u0000"', "at character 11: found the character U+0000, which no text here can contain"],
    ["worker = \0", "at character 10: found the character U+0000, which no text here can contain"],
    ["worker = \ud83dx", "at character 10: found half of a surrogate pair, which is no character"],
    [
      "worker = \u0007",
      'at character 10: found "\\u0007": control characters are accepted as escapes in double quotes only',
    ],
    [
      "state = DONE",
      'at character 9: found "DONE", expected a state: WAITING, RUNNING, COMPLETED, PRUNED, FAILED, INFEASIBLE',
    ],
    [
      "state = unspecified",
      'at character 9: found "unspecified", expected a state: WAITING, RUNNING, COMPLETED, PRUNED, FAILED, INFEASIBLE',
    ],
    [
      "state = 3",
      'at character 9: found "3", expected a state: WAITING, RUNNING, COMPLETED, PRUNED, FAILED, INFEASIBLE',
    ],
    ["state < RUNNING", 'at character 7: found "<", but states have no order: expected = or !='],
  ])("%j", ([text, expected]) => {
    expect(problem(text!)).toBe(expected);
  });

  test("and names few of very many names", () => {
    const parameters = Array.from({ length: 1000 }, (_, index) => `p${index}`);
    expect(() => parseFilter("params.x = 1", { objectives: [], parameters })).toThrow(/"p19" and 980 more$/);
    expect(() => parseFilter("values.x = 1", { objectives: [], parameters })).toThrow("it has none");
  });
});

describe("no filter can keep the server busy", () => {
  test("it has at most 2,000 characters, whatever their size", () => {
    const filter = (length: number) => `worker = "${"😀".repeat(length - 11)}"`;
    expect(problem(filter(2000))).toBe("none");
    expect(problem(filter(2001))).toBe("has 2001 characters; at most 2000 are accepted");
    expect(problem("x".repeat(10_000_000))).toBe("is too long: at most 2000 characters are accepted");
  });

  test("its parentheses and NOTs are nested to a limit", () => {
    const nested = (depth: number) => `${"(".repeat(depth)}number=1${")".repeat(depth)}`;
    expect(problem(nested(filterLimits.depth))).toBe("none");
    expect(problem(nested(filterLimits.depth + 1))).toMatch(/nested more than 32 deep$/);
    expect(problem(`${"NOT ".repeat(33)}number=1`)).toMatch(/nested more than 32 deep$/);
    expect(problem("(".repeat(2000))).toMatch(/nested more than 32 deep$/);
  });

  test("it has at most 100 comparisons", () => {
    const wide = (count: number) => Array.from({ length: count }, () => "number=1").join(" OR ");
    expect(problem(wide(100))).toBe("none");
    expect(problem(wide(101))).toMatch(/there are more than 100 comparisons$/);
  });

  test("any text is parsed or refused in a moment", () => {
    const pieces = fc.constantFrom(
      "(",
      ")",
      '"',
      "\\",
      "AND",
      "NOT",
      " ",
      "number",
      "=",
      "<",
      "!",
      "values.loss",
      "1e",
      ",",
      "😀",
      "\0",
      ".",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.array(pieces).map((all) => all.join("")),
        ),
        (text) => {
          expect(typeof problem(text)).toBe("string");
        },
      ),
      { numRuns: 500 },
    );
  });
});

test("every filter can be printed and parsed back", () => {
  fc.assert(
    fc.property(someFilter, (filter: TrialFilter) => {
      expect(parseFilter(printFilter(filter), oddNames)).toEqual(filter);
    }),
    { numRuns: 2000 },
  );
});
