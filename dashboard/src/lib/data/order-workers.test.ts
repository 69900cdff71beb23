import { expect, test } from "vitest";
import { orderWorkers, type WorkerKey, workerKey } from "./order-workers.ts";
import type { WorkerRecord } from "./workers.ts";

const worker = (name: string, facts: Partial<WorkerRecord>): WorkerRecord => ({
  index: 0,
  name,
  running: [],
  completed: 0,
  pruned: 0,
  failed: 0,
  infeasible: 0,
  ended: 0,
  streak: 0,
  newestFailure: -1,
  seen: NaN,
  leaseEnds: NaN,
  typical: NaN,
  mood: "idle",
  ...facts,
});
const workers = [
  worker("a10", { seen: 30, ended: 4, failed: 1, mood: "silent", running: [3] }),
  worker("a9", { seen: 10, ended: 10, failed: 5, mood: "failing", leaseEnds: 50 }),
  worker("b", { seen: 20, typical: 7 }),
];

test.each<[WorkerKey, boolean, string]>([
  ["name", false, "a9 a10 b"],
  ["name", true, "b a10 a9"],
  ["mood", true, "a9 a10 b"],
  ["seen", true, "a10 b a9"],
  // Equals by name, whatever the direction.
  ["running", true, "a10 a9 b"],
  ["running", false, "a9 b a10"],
  // Who has ended no trial has no share of failures.
  ["failed", true, "a9 a10 b"],
  ["failed", false, "a10 a9 b"],
  ["lease", true, "a9 a10 b"],
  ["ended", false, "b a10 a9"],
  ["typical", false, "b a9 a10"],
])("by %s, down: %s", (key, down, order) => {
  const ordered = orderWorkers(workers, key, down);
  expect(ordered.map(({ name }) => name).join(" ")).toBe(order);
});

test("an address that names no column sorts by name", () => {
  expect(["seen", "name", "outcomes", "toString"].map(workerKey)).toEqual(["seen", "name", "name", "name"]);
});
