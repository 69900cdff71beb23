import { describe, expect, test } from "vitest";
import { createHistory, type History, type Result } from "./history.ts";
import type { Parameter } from "./space/parameter.ts";
import { createSpace } from "./space/space.ts";

const parameters: Parameter[] = [
  {
    name: "x",
    domain: { kind: "real", low: 0, high: 4, log: false, step: undefined },
    condition: undefined,
    default: undefined,
  },
  {
    name: "c",
    domain: { kind: "categorical", choices: ["a", "b"], ordered: false },
    condition: undefined,
    default: undefined,
  },
];
const space = createSpace(parameters);
const create = (): History => createHistory(space, [{ name: "loss", goal: "minimize" }]);
const done = (revision: number, rest: Partial<Result> = {}): Result => {
  return {
    outcome: "completed",
    values: [1],
    violation: 0,
    curve: { steps: [], values: [] },
    revision,
    ...rest,
  };
};

test("keeps what trials are told, in the order in which they end", () => {
  const history = create();
  history.addPending(0, { x: 1, c: "a" });
  history.addPending(1, { x: 2, c: "b" });
  history.addPending(2, { x: 4, c: "b" });
  history.end(2, done(7, { values: [0.5], curve: { steps: [1, 3], values: [0.9, NaN] } }));
  history.end(0, done(9, { outcome: "pruned", values: [], violation: 2 }));
  expect([...history.ended]).toEqual([2, 0]);
  expect([...history.pending]).toEqual([1]);
  expect([0, 1, 2].map((number) => history.outcome(number))).toEqual(["pruned", "pending", "completed"]);
  expect([...history.point(2)]).toEqual([1, 0.75]);
  expect([...history.values(2)]).toEqual([0.5]);
  expect([...history.values(0), ...history.values(1)]).toEqual([NaN, NaN]);
  expect(history.violation(0)).toBe(2);
  expect(history.curve(2)).toEqual({ steps: Float64Array.of(1, 3), values: Float64Array.of(0.9, NaN) });
  expect(history.curve(1).steps).toHaveLength(0);
  expect(history.revision).toBe(9);
});

test("keeps by how much a trial exceeds each constraint, NaN where nobody said", () => {
  const history = createHistory(space, [{ name: "loss", goal: "minimize" }], 2);
  for (let number = 0; number < 40; number++) history.addPending(number, { x: 1, c: "a" });
  history.end(33, done(1, { violation: 2, excesses: [2, -Infinity] }));
  history.end(2, done(2));
  history.dropPending(34);
  expect([...history.excesses(33)]).toEqual([2, -Infinity]);
  expect([...history.excesses(2), ...history.excesses(3)]).toEqual([NaN, NaN, NaN, NaN]);
  expect(history.excesses(0)).toHaveLength(history.constraints);
});

test("numbers are dense, and a trial ends once", () => {
  const history = create();
  expect(() => history.addPending(1, { x: 1, c: "a" })).toThrow(RangeError);
  history.addPending(0, { x: 1, c: "a" });
  expect(() => history.end(1, done(1))).toThrow(RangeError);
  history.end(0, done(1));
  expect(() => history.end(0, done(2))).toThrow(RangeError);
});

describe("dropping pending trials", () => {
  test("forgets the newest ones, which may then be others", () => {
    const history = create();
    for (let number = 0; number < 5; number++) history.addPending(number, { x: number, c: "a" });
    history.end(1, done(1));
    history.dropPending(3);
    expect(history.size).toBe(3);
    expect([...history.pending]).toEqual([0, 2]);
    expect(history.epoch).toBe(1);
    history.addPending(3, { x: 0, c: "b" });
    expect([...history.point(3)]).toEqual([0, 0.75]);
    expect(history.count(space.toPoint({ x: 3, c: "a" }))).toBe(0);
    expect(history.count(space.toPoint({ x: 2, c: "a" }))).toBe(1);
  });

  test("refuses to forget one that has ended, and does nothing beyond the end", () => {
    const history = create();
    for (let number = 0; number < 3; number++) history.addPending(number, { x: 1, c: "a" });
    history.end(1, done(1));
    expect(() => history.dropPending(1)).toThrow(RangeError);
    expect(() => history.dropPending(0)).toThrow(RangeError);
    history.dropPending(3);
    expect([history.size, history.epoch]).toEqual([3, 0]);
  });
});

test("a pending trial may be moved, again and again; the counts follow, whatever is dropped or added afterwards", () => {
  const history = create();
  const at = (x: number) => space.toPoint({ x, c: "b" });
  const xs: number[] = [];
  const isCounted = () =>
    [0, 1, 2, 3].every((x) => history.count(at(x)) === xs.filter((y) => y === x).length);
  for (let round = 0; round < 2_000; round++) {
    const x = (round * 11) % 4;
    if (round % 5 === 0) {
      history.addPending(xs.length, { x, c: "b" });
      xs.push(x);
    } else if (round % 50 === 49) {
      xs.length -= 8;
      history.dropPending(xs.length);
    } else {
      const number = (round * 37) % xs.length;
      history.movePending(number, at(x));
      xs[number] = x;
    }
    expect(isCounted()).toBe(true);
  }
  expect(xs).toHaveLength(80);
  expect(xs.map((_, number) => [...history.point(number)])).toEqual(xs.map((x) => [...at(x)]));
  const { epoch } = history;
  history.movePending(1, at(0));
  expect(history.epoch).toBe(epoch + 1);
  history.end(1, done(1));
  expect(() => history.movePending(1, at(3))).toThrow(RangeError);
});

test("counts trials by point, whatever their state, through growth and dropping", () => {
  const history = create();
  const count = (x: number): number => history.count(space.toPoint({ x, c: "b" }));
  for (let number = 0; number < 1000; number++) history.addPending(number, { x: (number % 7) / 2, c: "b" });
  for (let number = 0; number < 100; number++) history.end(number, done(number + 1));
  expect([0, 0.5, 3].map(count)).toEqual([143, 143, 142]);
  history.dropPending(500);
  expect([0, 0.5, 3].map(count)).toEqual([72, 72, 71]);
  expect(count(0.25)).toBe(0);
});

test("holds 100,000 trials of 10 parameters in 20 MB and takes them in within a second", () => {
  const wide = createSpace(Array.from({ length: 10 }, (_, at) => ({ ...parameters[0]!, name: `x${at}` })));
  const history = createHistory(wide, [{ name: "loss", goal: "minimize" }]);
  const before = process.cpuUsage();
  for (let number = 0; number < 100_000; number++) {
    history.addPending(number, wide.toParams(new Float64Array(10).fill((number % 1009) / 1009)));
    history.end(number, done(number + 1));
  }
  const { user } = process.cpuUsage(before);
  expect(history.bytes).toBeLessThan(20e6);
  expect(user).toBeLessThan(5e6); // microseconds; 0.5 s here, several times the claim for slow machines
});
