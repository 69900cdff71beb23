import { expect, test } from "vitest";
import { exchange } from "./exchange.ts";

test("the other choice stays, unless it was chosen: then they change places", () => {
  expect(exchange("a", "b", 0, "c")).toEqual(["c", "b"]);
  expect(exchange("a", "b", 1, "c")).toEqual(["a", "c"]);
  expect(exchange("a", "b", 0, "b")).toEqual(["b", "a"]);
  expect(exchange("a", "b", 1, "a")).toEqual(["b", "a"]);
});
