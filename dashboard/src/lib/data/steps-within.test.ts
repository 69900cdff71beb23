import { expect, test } from "vitest";
import { stepsWithin } from "./steps-within.ts";

const line = { x: [0, 2, 5, 9], y: [8, 6, 3, 1], end: 10 };

test("a part of a line begins with the value that holds there, and ends where the part does", () => {
  expect(stepsWithin(line, [3, 9])).toEqual({ x: [3, 5, 9], y: [6, 3, 1], end: 9 });
  expect(stepsWithin(line, [6, 7])).toEqual({ x: [6], y: [3], end: 7 });
  expect(stepsWithin(line, [-5, 2])).toEqual({ x: [0, 2], y: [8, 6], end: 2 });
  expect(stepsWithin(line, [9.5, 20])).toEqual({ x: [9.5], y: [1], end: 10 });
});

test("a line that ends before the part has nothing in it", () => {
  expect(stepsWithin(line, [11, 12])).toEqual({ x: [], y: [], end: 10 });
  expect(stepsWithin({ x: [], y: [], end: 5 }, [1, 2])).toEqual({ x: [], y: [], end: 2 });
});

test("without a part the line is whole", () => {
  expect(stepsWithin(line, undefined)).toBe(line);
});
