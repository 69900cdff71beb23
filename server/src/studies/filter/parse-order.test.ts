import { fc } from "../../../../test/support/fast-check.ts";
import { expect, test } from "vitest";
import { oddNames, someOrder } from "../../../../test/support/arbitrary-filter.ts";
import { parseOrderBy } from "./parse-order.ts";
import { printOrder } from "./print.ts";

const names = { objectives: ["loss"], parameters: ["lr", "learning rate", "desc"] };
const parse = (text: string) => parseOrderBy(text, names);
const number = { field: { kind: "number" }, descending: false };

test("trials are listed by number unless something else is asked for", () => {
  expect(parse("")).toEqual([number]);
  expect(parse("  ")).toEqual([number]);
});

test.for<[string, unknown]>([
  ["number desc", [{ field: { kind: "number" }, descending: true }]],
  [
    "values.loss desc, number",
    [{ field: { kind: "values", name: "loss", index: 0 }, descending: true }, number],
  ],
  [
    'params."learning rate" asc,state desc',
    [
      { field: { kind: "params", name: "learning rate" }, descending: false },
      { field: { kind: "state" }, descending: true },
    ],
  ],
  ["params.desc desc", [{ field: { kind: "params", name: "desc" }, descending: true }]],
  ["number, params.lr", [number]],
])("%s is an order", ([text, expected]) => {
  expect(parse(text)).toEqual(expected);
});

test.for([
  ["values.x", 'order_by: at character 1: the study has no objective "x"; it has "loss"'],
  [
    "number, ",
    "order_by: at character 9: found the end, expected a field: number, state, worker, attempt, params.NAME, values.NAME or metrics.NAME",
  ],
  [
    ",",
    'order_by: at character 1: found ",", expected a field: number, state, worker, attempt, params.NAME, values.NAME or metrics.NAME',
  ],
  ["number down", 'order_by: at character 8: found "down", expected asc, desc, a comma or the end'],
  ["number desc desc", 'order_by: at character 13: found "desc", expected asc, desc, a comma or the end'],
  [
    "-number",
    'order_by: at character 1: found "-number", which is no field: expected number, state, worker, attempt, params.NAME, values.NAME or metrics.NAME',
  ],
  ["worker, params.lr, worker desc", "order_by: at character 20: worker is there twice"],
  [
    "metrics.a,metrics.b,metrics.c,metrics.d,metrics.e,metrics.f,metrics.g,metrics.h,metrics.i",
    "order_by: at character 81: at most 8 fields are accepted",
  ],
  ["number\0", "order_by: at character 7: found the character U+0000, which no text here can contain"],
  ["x".repeat(501), "order_by: has 501 characters; at most 500 are accepted"],
])("%j is refused with what is wrong", ([text, message]) => {
  expect(() => parse(text!)).toThrow(expect.objectContaining({ reason: "INVALID_REQUEST", message }));
});

test("every order can be printed and parsed back, up to the number, which decides", () => {
  fc.assert(
    fc.property(someOrder, (order) => {
      const decisive = order.findIndex(({ field }) => field.kind === "number") + 1 || order.length;
      expect(parseOrderBy(printOrder(order), oddNames)).toEqual(order.slice(0, decisive));
    }),
  );
});
