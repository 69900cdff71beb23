import { describe, expect, test } from "vitest";
import {
  middleBefore,
  allowedKind,
  createProjector,
  createScale,
  extent,
  halfOf,
  pad,
  robustExtent,
  shortLabel,
  ticksOf,
  timeTicks,
  within,
} from "./scales.ts";

describe("an extent", () => {
  test("leaves out what is no number, and on a log scale what is not above zero", () => {
    expect(extent([3, NaN, -2, Infinity, 7])).toEqual([-2, 7]);
    expect(extent([3, 0, -2, 7], "log")).toEqual([3, 7]);
    expect(extent([NaN])).toEqual([0, 1]);
  });

  test("is widened in the scale's own distance", () => {
    expect(pad([0, 10], "linear", 0.1)).toEqual([-1, 11]);
    const [low, high] = pad([1, 100], "log", 0.5);
    expect(low).toBeCloseTo(0.1, 12);
    expect(high).toBeCloseTo(1000, 9);
    expect(pad([5, 5], "linear")).toEqual([4.5, 5.5]);
    expect(pad([0, 0], "linear")).toEqual([-1, 1]);
  });

  test("stays within the numbers there are when it is widened", () => {
    const most = Number.MAX_VALUE;
    for (const kind of ["linear", "log"] as const) {
      for (const [low, high] of [
        [kind === "log" ? 5e-324 : -most, most],
        [0.1, most],
        [1e-300, 1e300],
        [5e-324, 5e-324],
        [most, most],
      ] as const) {
        const [from, to] = pad([low, high], kind);
        expect([Number.isFinite(from), Number.isFinite(to), Number.isFinite(to - from)]).toEqual([
          true,
          true,
          true,
        ]);
        if (kind === "log") expect([from > 0, from <= low, to >= high]).toEqual([true, true, true]);
        const scale = createScale(kind).domain([from, to]).range([0, 100]);
        expect(ticksOf(scale, 8).length).toBeLessThan(20);
        expect(ticksOf(scale, 8).map(scale)).not.toContain(NaN);
      }
    }
  });

  test("is not squeezed by a wild value on the bad side, and keeps every good one", () => {
    const values = [...Array.from({ length: 40 }, (_, i) => i / 40), 1e6];
    const [low, high] = robustExtent(values, 1);
    expect(low).toBe(0);
    expect(high).toBeLessThan(3);
    expect(robustExtent(values, -1)).toEqual([0, 1e6]);
  });
});

describe("a projector", () => {
  test("puts hand-computed values where they belong", () => {
    const linear = createScale("linear").domain([0, 10]).range([0, 200]);
    expect(createProjector(linear)(2.5)).toBe(50);
    const falling = createScale("linear").domain([10, 20]).range([100, 0]);
    expect(createProjector(falling)(12)).toBe(80);
    const log = createScale("log").domain([1, 1000]).range([0, 300]);
    expect(createProjector(log)(10)).toBeCloseTo(100, 9);
    const symlog = createScale("symlog").domain([-9, 9]).range([0, 100]);
    expect(createProjector(symlog)(0)).toBeCloseTo(50, 9);
  });

  test("agrees with d3 everywhere", () => {
    for (const kind of ["linear", "log", "symlog"] as const) {
      const scale = createScale(kind).domain([0.02, 50]).range([420, 0]);
      for (const value of [0.02, 0.5, 3, 49])
        expect(createProjector(scale)(value)).toBeCloseTo(scale(value), 9);
    }
  });
});

describe("ticks", () => {
  test("of a log axis are decades, thinned out when there are many", () => {
    expect(ticksOf(createScale("log").domain([1e-5, 1e-1]), 6)).toEqual([1e-5, 1e-4, 1e-3, 1e-2, 1e-1]);
    expect(ticksOf(createScale("log").domain([1e-12, 1]), 4)).toEqual([1e-12, 1e-9, 1e-6, 1e-3, 1]);
    expect(ticksOf(createScale("log").domain([1, 100]), 8)).toEqual([1, 2, 5, 10, 20, 50, 100]);
  });

  test("of a log axis shorter than a decade are as on a linear one", () => {
    expect(ticksOf(createScale("log").domain([2, 4]), 4)).toEqual([2, 2.5, 3, 3.5, 4]);
  });
});

test("times along an axis are round, and few", () => {
  const hour = 3_600_000;
  const from = Date.UTC(2026, 0, 5, 10, 7);
  const ticks = timeTicks([from, from + 3 * hour], 6);
  expect(ticks.length).toBeGreaterThan(3);
  expect(ticks.length).toBeLessThanOrEqual(7);
  for (const tick of ticks) expect(new Date(tick).getMinutes() % 30).toBe(0);
});

test("days begin at midnight on both sides of the day on which clocks go back", () => {
  const zone = process.env["TZ"];
  process.env["TZ"] = "Europe/Berlin";
  try {
    const ticks = timeTicks([Date.UTC(2026, 9, 20), Date.UTC(2026, 9, 30)], 10);
    expect(ticks.map((tick) => new Date(tick).getHours())).toEqual(ticks.map(() => 0));
    expect(ticks.map((tick) => new Date(tick).getDate())).toEqual([21, 22, 23, 24, 25, 26, 27, 28, 29, 30]);
  } finally {
    if (zone === undefined) delete process.env["TZ"];
    else process.env["TZ"] = zone;
  }
});

test("the last number of an axis ends where its chart does", () => {
  expect(middleBefore(1_000, 500, "1,000,000")).toBe(500);
  expect(middleBefore(1_000, 990, "5")).toBe(990);
  expect(middleBefore(1_000, 990, "1,000,000,000")).toBeLessThan(960);
});

test("a log scale becomes symlog where values reach zero", () => {
  expect(allowedKind("log", [0, 5])).toBe("symlog");
  expect(allowedKind("log", [0.1, 5])).toBe("log");
});

test("a label that does not fit its axis is cut", () => {
  expect(shortLabel("validation loss", 200)).toBe("validation loss");
  expect(shortLabel("validation loss", 70)).toBe("validatio…");
  expect(shortLabel("loss", 0)).toBe("lo…");
});

describe("a range", () => {
  test("is halved in the scale's own distance", () => {
    expect(halfOf([10, 30], "linear", "low")).toEqual([10, 20]);
    expect(halfOf([10, 30], "linear", "high")).toEqual([20, 30]);
    const [low, high] = halfOf([1, 10_000], "log", "high");
    expect(low).toBeCloseTo(100, 9);
    expect(high).toBe(10_000);
  });

  test("holds what lies between its ends, and without one everything is in", () => {
    expect([0, 1, 2, 3, 4].filter((value) => within(value, [1, 3]))).toEqual([1, 2, 3]);
    expect(within(7, undefined)).toBe(true);
  });
});

test("ticks are all different, be it that values differ in their last bit alone", () => {
  const [low, high] = pad([0.3, 0.1 + 0.2], "linear");
  const ticks = ticksOf(createScale("linear").domain([low, high]), 8);
  expect(new Set(ticks).size).toBe(ticks.length);
});

test("an axis without an end, which no number has a place on, has no ticks", () => {
  expect(ticksOf(createScale("log").domain([0, 1]), 8)).toEqual([]);
  expect(ticksOf(createScale("log").domain([1, Infinity]), 8)).toEqual([]);
});
