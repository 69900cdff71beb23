import { expect, test } from "vitest";
import { nearest } from "./nearest.ts";

test.each([
  ["prot", "port"],
  ["hots", "host"],
  ["data_dir", "data-dir"],
  ["DATADIR", "data-dir"],
  ["log-levle", "log-level"],
  ["colour", undefined],
  ["", undefined],
])("%j is taken for %j", (name, meant) => {
  expect(nearest(name, ["host", "port", "data-dir", "log-level", "log-format"])).toBe(meant);
});
