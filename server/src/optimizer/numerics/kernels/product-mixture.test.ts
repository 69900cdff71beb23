import { fc } from "../../../../../test/support/fast-check.ts";
import { expect, test } from "vitest";
import { createCandidates, type ProductMixture } from "../product-mixture.ts";
import { logDensitiesPlain, logLinePlain } from "../product-mixture-plain.ts";
import { createStream, type Stream } from "../stream.ts";
import { logDensities, logLine } from "./product-mixture.ts";

interface Shape {
  readonly length: number;
  readonly count: number;
  readonly width: number;
  readonly choiceWidth: number;
  /** Chances that a kernel or a candidate lacks a coordinate, and that all candidates share one. */
  readonly missing: number;
  readonly shared: number;
  /** Deviations are between this and 1. */
  readonly narrowest: number;
}

function mixtureOf(
  { length, width, choiceWidth, missing, narrowest }: Shape,
  stream: Stream,
): ProductMixture {
  const rows = {
    pairs: new Float64Array(2 * length * width),
    norms: new Float64Array(length * width),
    rowLogs: new Float64Array(length),
    codes: Int16Array.from({ length: length * choiceWidth }, () => stream.integer(4)),
  };
  for (let row = 0; row < length; row++) {
    for (let slot = row * width; slot < (row + 1) * width; slot++) {
      if (stream.uniform() < missing) continue;
      const deviation = narrowest ** stream.uniform();
      rows.pairs[2 * slot] = stream.uniform();
      rows.pairs[2 * slot + 1] = Math.SQRT1_2 / deviation;
      rows.norms[slot] = -Math.log(deviation);
      rows.rowLogs[row] = rows.rowLogs[row]! + rows.norms[slot]!;
    }
    if (stream.uniform() < 0.1) rows.rowLogs[row] = -Infinity; // holds no kernel
  }
  const some = (count: number): Float64Array => Float64Array.from({ length: count }, () => stream.normal());
  const weights = Float64Array.from({ length }, () => stream.uniform());
  return { rows, length, weights, matches: some(choiceWidth), mismatches: some(choiceWidth) };
}

function candidatesOf({ count, width, choiceWidth, missing, shared }: Shape, stream: Stream) {
  const units = new Float64Array(count * width);
  const codes = new Int16Array(count * choiceWidth);
  for (let at = 0; at < width; at++) {
    const all = stream.uniform() < shared ? stream.uniform() : undefined;
    for (let point = 0; point < count; point++)
      units[point * width + at] = all ?? (stream.uniform() < missing ? NaN : stream.uniform());
  }
  for (let at = 0; at < choiceWidth; at++) {
    const all = stream.uniform() < shared ? 1 + stream.integer(3) : undefined;
    for (let point = 0; point < count; point++) codes[point * choiceWidth + at] = all ?? stream.integer(4);
  }
  const starts = Float64Array.from({ length: count }, () => -2 * stream.uniform());
  return createCandidates(width, units, choiceWidth, codes, starts);
}

const shapes = fc.record({
  length: fc.integer({ min: 0, max: 700 }),
  count: fc.integer({ min: 1, max: 30 }),
  width: fc.integer({ min: 0, max: 12 }),
  choiceWidth: fc.integer({ min: 0, max: 3 }),
  missing: fc.constantFrom(0, 0, 0.3),
  shared: fc.constantFrom(0, 0.5, 1),
  narrowest: fc.constantFrom(1, 0.1, 0.003),
});

test("the kernel does what its twin does, to the last bit, whatever the mixture and the candidates", () => {
  fc.assert(
    fc.property(shapes, fc.nat(), (shape, seed) => {
      const stream = createStream(seed);
      const mixture = mixtureOf(shape, stream);
      const candidates = candidatesOf(shape, stream);
      const plain = logDensitiesPlain(mixture, candidates);
      expect(plain.every(Number.isFinite)).toBe(true);
      expect(logDensities(mixture, candidates)).toEqual(plain);
    }),
    { numRuns: 400 },
  );
});

test("a line of values along one coordinate, too", () => {
  fc.assert(
    fc.property(shapes, fc.nat(), fc.integer({ min: 1, max: 4 }), (shape, seed, stride) => {
      if (shape.width === 0) return;
      const stream = createStream(seed);
      const mixture = mixtureOf(shape, stream);
      const values = Float64Array.from({ length: shape.count }, () => stream.uniform()).sort();
      const starts = values.map((value) => -((value - 0.5) ** 2));
      const line = { count: shape.count, values, starts };
      const at = stream.integer(shape.width);
      const [logs, plain] = [new Float64Array(shape.count), new Float64Array(shape.count)];
      const total = logLine(mixture, shape.width, at, stride, line, logs);
      expect(logLinePlain(mixture, shape.width, at, stride, line, plain)).toBe(total);
      expect(plain.every(Number.isFinite)).toBe(true);
      expect(logs).toEqual(plain);
    }),
    { numRuns: 200 },
  );
});

test("terms that differ by more than a double holds are added as well as those that do not", () => {
  const rows = {
    pairs: Float64Array.of(0.2, 1000, 0.5, 3, 0.9, 1e6),
    norms: Float64Array.of(2, 1, 800),
    rowLogs: Float64Array.of(2, 1, 800),
    codes: new Int16Array(0),
  };
  const none = new Float64Array(0);
  const mixture = {
    rows,
    length: 3,
    weights: Float64Array.of(1, 0.5, 0.25),
    matches: none,
    mismatches: none,
  };
  const units = Float64Array.of(0.2, 0.5, 0.9, 0);
  const candidates = createCandidates(1, units, 0, new Int16Array(0), new Float64Array(4));
  const expected = [
    Math.log(1 + Math.exp(2) + 0.5 * Math.exp(1 - 0.81)),
    Math.log(1 + 0.5 * Math.exp(1)),
    800 + Math.log(0.25),
    Math.log(1 + 0.5 * Math.exp(1 - 2.25)),
  ];
  logDensities(mixture, candidates).forEach((log, at) => expect(log).toBeCloseTo(expected[at]!, 12));
});
