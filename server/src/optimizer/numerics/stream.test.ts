import { expect, test } from "vitest";
import { createStream, type Stream } from "./stream.ts";

const draw = (stream: Stream, count: number): number[] =>
  Array.from({ length: count }, () => stream.uniform());

test("the same name gives the same numbers", () => {
  expect(draw(createStream(7, "a", 3), 20)).toEqual(draw(createStream(7, "a", 3), 20));
});

test("names that differ in one key, in order or in grouping give different numbers", () => {
  const streams = [
    createStream(7, "a", 3),
    createStream(8, "a", 3),
    createStream(7, "b", 3),
    createStream(7, "a", 4),
    createStream(7, 3, "a"),
    createStream(7, "a3"),
    createStream(7, "a", "3"),
    createStream(7, "", "a", 3),
    createStream(7 + 2 ** 32, "a", 3),
    createStream(7.5, "a", 3),
  ];
  expect(new Set(streams.map((stream) => draw(stream, 2).join())).size).toBe(streams.length);
});

test("a fork is named by its parent's name and does not depend on what the parent has drawn", () => {
  const parent = createStream(1, 2);
  const before = draw(parent.fork("x"), 5);
  draw(parent, 10);
  expect(draw(parent.fork("x"), 5)).toEqual(before);
  expect(draw(createStream(1, 2, "x"), 5)).toEqual(before);
});

test("the numbers are pinned: a replayed suggestion needs the very same ones years later", () => {
  const stream = createStream(42, "trial", 0);
  expect([stream.uniform(), stream.uniform(), stream.normal(), stream.integer(1000)]).toMatchInlineSnapshot(`
    [
      0.5113722396286076,
      0.4985047879490335,
      0.5495783186223975,
      44,
    ]
  `);
});

test("uniform numbers fill [0, 1) evenly, also across neighbouring streams", () => {
  const within = draw(createStream(1), 100_000);
  const across = Array.from({ length: 100_000 }, (_, key) => createStream(1, key).uniform());
  for (const numbers of [within, across]) {
    const bins = new Array<number>(20).fill(0);
    for (const number of numbers) bins[Math.floor(number * 20)]!++;
    // χ² with 19 degrees of freedom exceeds 43.8 once in a thousand
    const chi = bins.reduce((sum, count) => sum + (count - 5000) ** 2 / 5000, 0);
    expect(chi).toBeLessThan(43.8);
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...numbers)).toBeLessThan(1);
  }
});

test("normal numbers have mean 0, deviation 1 and normal tails", () => {
  const stream = createStream(5);
  const numbers = Array.from({ length: 100_000 }, () => stream.normal());
  const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  const variance = numbers.reduce((sum, x) => sum + x * x, 0) / numbers.length - mean * mean;
  expect(Math.abs(mean)).toBeLessThan(0.015);
  expect(Math.abs(variance - 1)).toBeLessThan(0.02);
  expect(numbers.filter((x) => x > 1.96).length / numbers.length).toBeCloseTo(0.025, 2);
});

test("whole numbers reach both ends and nothing beyond", () => {
  const stream = createStream(3);
  expect(new Set(Array.from({ length: 200 }, () => stream.integer(4)))).toEqual(new Set([0, 1, 2, 3]));
  expect(stream.integer(1)).toBe(0);
  const large = Array.from({ length: 1000 }, () => stream.integer(2 ** 53));
  expect(large.every((x) => Number.isSafeInteger(x) && x >= 0)).toBe(true);
  expect(large.some((x) => x % 2 === 1)).toBe(true);
});
