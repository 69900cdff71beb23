import { create } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import { SliceSchema } from "@asktell/proto/asktell/v1/analysis_service_pb";
import { describe, expect, test } from "vitest";
import type { Dimension } from "../data/spec.ts";
import { contourBands, gridCells } from "./contour-bands.ts";
import { expectationCloud, honesty } from "./expectation-cloud.ts";
import { frontMarks } from "./front-marks.ts";
import { rankCloud, ranksWithin } from "./rank-cloud.ts";
import { savingsRows, whenStopped } from "./savings-rows.ts";
import { bandPath, meanPath, sliceBands } from "./slice-bands.ts";

const same = (value: number): number => value;

describe("a contour", () => {
  const answer = { mean: [1, 2, 3, 5], low: [1, 1, 1, 1], high: [2, 2, 4, 9] };

  test("is brightest where the value is best, whichever direction that is", () => {
    expect([...gridCells(answer, "value", -1).shares]).toEqual([0, 0.25, 0.5, 1]);
    expect([...gridCells(answer, "value", 1).shares]).toEqual([1, 0.75, 0.5, 0]);
    expect(gridCells(answer, "value", 1)).toMatchObject({ low: 1, high: 5 });
  });

  test("shows as doubt how wide the interval is", () => {
    expect(gridCells(answer, "doubt", 1)).toMatchObject({ values: [1, 1, 3, 8], low: 1, high: 8 });
    expect(gridCells(answer, "doubt", 1).shares[3]).toBe(1);
  });

  test("of nothing, or of one value only, is no error", () => {
    expect(gridCells({ mean: [], low: [], high: [] }, "value", 1)).toMatchObject({ low: 0, high: 1 });
    expect([...gridCells({ mean: [4, 4], low: [], high: [] }, "value", 1).shares]).toEqual([0.5, 0.5]);
  });

  test("has bands that cover those above them, with the border where the value is reached", () => {
    // Three columns of two rows, rising from column to column.
    const bands = contourBands(Float64Array.of(0, 0, 0.5, 0.5, 1, 1), 3, 2, 4);
    expect(bands.map(({ share }) => share)).toEqual([0, 0.25, 0.5, 0.75]);
    const left = bands.map(({ rings }) => Math.min(...rings.flat().map(([x]) => x)));
    // Middles of the columns lie at 0.5, 1.5 and 2.5.
    expect(left[1]).toBeCloseTo(1, 9);
    expect(left[2]).toBeCloseTo(1.5, 9);
    expect(left[3]).toBeCloseTo(2, 9);
  });
});

describe("a slice", () => {
  const number = (value: number) => create(ValueSchema, { kind: { case: "numberValue", value } });
  const text = (value: string) => create(ValueSchema, { kind: { case: "stringValue", value } });
  const x: Dimension = {
    name: "x",
    kind: "real",
    low: 0,
    high: 2,
    log: false,
    choices: [],
  };
  const c: Dimension = { ...x, name: "c", kind: "categorical", high: 1, choices: ["p", "q"] };
  const slices = [
    create(SliceSchema, {
      axis: { parameter: "x", values: [number(0), number(2)] },
      mean: [10, 20],
      low: [8, 15],
      high: [11, 30],
    }),
    create(SliceSchema, {
      axis: { parameter: "c", values: [text("q"), text("p")] },
      mean: [1, 2],
      low: [0, 1],
      high: [2, 3],
    }),
    create(SliceSchema, { axis: { parameter: "gone", values: [number(0)] }, mean: [1] }),
  ];

  test("lies on its parameter's number line; of parameters that are not there nothing is drawn", () => {
    const bands = sliceBands(slices, [x, c]);
    expect([...bands.keys()]).toEqual(["x", "c"]);
    expect(bands.get("x")).toMatchObject({ places: [0, 2], isContinuous: true });
    expect(bands.get("c")).toMatchObject({ places: [1, 0], isContinuous: false });
  });

  test("has an outline there along the top and back along the bottom", () => {
    const band = sliceBands(slices, [x, c]).get("x")!;
    expect(bandPath(band, (place) => 100 * place, same)).toBe("M0.0 11.0L200.0 30.0L200.0 15.0L0.0 8.0Z");
    expect(meanPath(band, (place) => 100 * place, same)).toBe("M0.0 10.0L200.0 20.0");
  });
});

test("ranks: the best lie on top, and what has no place is counted", () => {
  const trials = [
    { number: 4, rank: 0, params: { x: 1, y: 2 } },
    { number: 2, rank: 0.5, params: { x: 3 } },
    { number: 7, rank: 1, params: { x: 5, y: 6 } },
  ];
  const cloud = rankCloud(trials, (params) => [Number(params?.["x"]), Number(params?.["y"] ?? NaN)]);
  expect([...cloud.row]).toEqual([7, 4]);
  expect([...cloud.index]).toEqual([2, 0]);
  expect([[...cloud.x], [...cloud.y], [...cloud.ranks]]).toEqual([
    [5, 1],
    [6, 2],
    [1, 0],
  ]);
  expect(cloud.missing).toBe(1);
});

test("a front's third objective is a share from the worst to the best of its trials", () => {
  const columns = {
    values: [Float64Array.of(1, 2, 3), Float64Array.of(4, 5, 6), Float64Array.of(10, 30, 20)],
  };
  const least = frontMarks(columns, [0, 1, 2], [0, 1, 2], 1);
  expect([[...least.x], [...least.y], [...least.shares]]).toEqual([
    [1, 2, 3],
    [4, 5, 6],
    [1, 0, 0.5],
  ]);
  expect([least.worst, least.best]).toEqual([30, 10]);
  const most = frontMarks(columns, [0, 2], [0, 1, 2], -1);
  expect([[...most.shares], most.worst, most.best]).toEqual([[0, 1], 10, 20]);
});

test("expectations lie at what was expected and what came, and are judged in words", () => {
  const cloud = expectationCloud([{ number: 9, expected: 1, observed: 3 }]);
  expect([cloud.x[0], cloud.y[0], cloud.row[0]]).toEqual([1, 3, 9]);
  const judged = (correlation: number) => honesty({ promised: [0.5, 0.9], kept: [0.4, 0.86], correlation });
  expect(judged(0.8)).toBe(
    "86% of trials fell within their 90 % intervals; which trials would do better was foreseen well (rank correlation 0.80).",
  );
  expect(judged(-0.1)).toContain("hardly foreseen (rank correlation −0.10)");
  expect(judged(NaN)).toBe("86% of trials fell within their 90 % intervals.");
  expect(honesty(undefined)).toBe("");
});

test("savings follow what was made, stopped trials after the others", () => {
  const rows = savingsRows({ spent: 100n, stoppedReports: 30n, saved: 45.5 });
  expect(rows.map(({ key, from, reports }) => [key, from, reports])).toEqual([
    ["completed", 0, 70],
    ["pruned", 70, 30],
    ["saved", 100, 45.5],
  ]);
  const rest = savingsRows({ spent: 100n, stoppedReports: 30n, saved: 45.5 }, new Set(["completed"]));
  expect(rest.map(({ key, from }) => [key, from])).toEqual([
    ["pruned", 0],
    ["saved", 30],
  ]);
});

test("when trials were stopped is said in a sentence, a shorter one where they all stopped at once", () => {
  const savings = { pruned: 6, fullLength: 10, stoppedAfter: [1, 2, 3, 4, 7] };
  expect(whenStopped(savings)).toBe(
    "Half of the 6 stopped trials stopped after 3 of 10 reports, nine in ten between 1 and 7.",
  );
  expect(whenStopped({ ...savings, stoppedAfter: [1, 1, 1, 1, 1] })).toBe(
    "Nine in ten of the 6 stopped trials stopped after 1 of 10 reports.",
  );
  expect(whenStopped({ ...savings, stoppedAfter: [] })).toBe("");
});

test("a part of the ranks has the points between its ends, with all that belongs to them", () => {
  const trials = [0.2, 0.9, 0.5].map((x, number) => ({ number, rank: number / 2, params: { x } }));
  const cloud = rankCloud(trials, (params) => [Number(params?.["x"]), 0]);
  const part = ranksWithin(cloud, [0.4, 1]);
  expect([...part.row]).toEqual([2, 1]);
  expect([...part.x]).toEqual([0.5, 0.9]);
  expect([...part.ranks]).toEqual([1, 0.5]);
  expect([...part.index]).toEqual([2, 1]);
});
