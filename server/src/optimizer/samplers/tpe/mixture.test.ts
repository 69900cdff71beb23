import { fc } from "../../../../../test/support/fast-check.ts";
import { expect, test } from "vitest";
import { arbitraryParameters } from "../../../../../test/support/arbitrary-space.ts";
import { logDensities } from "../../numerics/kernels/product-mixture.ts";
import { createStream } from "../../numerics/stream.ts";
import { normalizeParameters } from "../../space/check-space.ts";
import { enumerate } from "../../space/enumerate.ts";
import { createSpace, type Space } from "../../space/space.ts";
import { drawUniform } from "../random.ts";
import type { Point } from "../sampler.ts";
import { choiceLogs, logNormalizer } from "./kernel.ts";
import { createLayout } from "./kernel-rows.ts";
import { createLine, fillLine, logChoiceMarginals, logMarginals } from "./marginals.ts";
import { createMixture, type Mixture } from "./mixture.ts";
import { createOtherKernels } from "./other-kernels.ts";
import { encode } from "./scores.ts";

function mixtureOf(space: Space, points: readonly Point[]): Mixture {
  const layout = createLayout(space);
  const kernels = createOtherKernels(layout);
  points.forEach((point, row) => kernels.add(row, point));
  kernels.settle();
  const weights = Float64Array.from(points, (_, row) => (row + 1) / points.length);
  return createMixture(layout, kernels.rows, kernels.length, kernels.count, weights);
}

const densities = (mixture: Mixture, points: readonly Point[]): Float64Array =>
  logDensities(mixture, encode(mixture.layout, points)).map(Math.exp);

/** The definition, term by term. */
function plainDensity({ layout, rows, weights, count, length }: Mixture, point: Point): number {
  const width = layout.numeric.length;
  let total = 0;
  for (let row = 0; row <= length; row++) {
    let term = row === length ? 1 : weights[row]!;
    layout.numeric.forEach((dimension, at) => {
      const unit = point[dimension.index]!;
      const scale = row === length ? Math.SQRT1_2 : rows.pairs[2 * (row * width + at) + 1]!;
      if (Number.isNaN(unit) || scale === 0) return;
      const mean = row === length ? 0.5 : rows.pairs[2 * (row * width + at)]!;
      const normalizer = Math.exp(logNormalizer(dimension, mean, Math.SQRT1_2 / scale));
      term *= normalizer * Math.exp(-(((unit - mean) * scale) ** 2));
    });
    layout.categorical.forEach(({ index, cell, cells }, at) => {
      const code = row === length ? 0 : rows.codes[row * layout.categorical.length + at]!;
      if (code === 0 || Number.isNaN(point[index]!)) return;
      const { match, mismatch } = choiceLogs(cells, count + 1);
      term *= Math.exp(code === 1 + cell(point[index]!) ? match : mismatch);
    });
    total += term;
  }
  return total;
}

test("the density equals its definition in mixed and conditional spaces", () => {
  fc.assert(
    fc.property(
      arbitraryParameters(),
      fc.nat(),
      fc.integer({ min: 0, max: 60 }),
      (parameters, seed, size) => {
        const space = createSpace(normalizeParameters(parameters));
        const stream = createStream(seed);
        const draw = (): Point => drawUniform(space, stream, undefined);
        const mixture = mixtureOf(space, Array.from({ length: size }, draw));
        const candidates = Array.from({ length: 8 }, draw);
        densities(mixture, candidates).forEach((density, at) => {
          const plain = plainDensity(mixture, candidates[at]!);
          expect(Math.abs(density / plain - 1)).toBeLessThan(1e-9);
        });
      },
    ),
    { numRuns: 150 },
  );
});

test("over all points of a finite space the density averages to the total weight", () => {
  const domain = { kind: "integer", low: 1, high: 30, log: true, step: 1 } as const;
  const choice = { kind: "categorical", choices: ["a", "b", "c"], ordered: false } as const;
  const rest = { condition: undefined, default: undefined };
  const space = createSpace([
    { name: "n", domain, ...rest },
    { name: "c", domain: choice, ...rest },
  ]);
  const stream = createStream(4);
  const mixture = mixtureOf(
    space,
    Array.from({ length: 20 }, () => drawUniform(space, stream, undefined)),
  );
  const { size, unrank } = enumerate(space.dimensions);
  const points = Array.from({ length: size }, (_, rank) => unrank(rank));
  const { cell, edge } = space.dimensions[0]!;
  const share = (point: Point): number => (edge(cell(point[0]!) + 1) - edge(cell(point[0]!))) / 3;
  const values = densities(mixture, points);
  const mean = points.reduce((sum, point, at) => sum + share(point) * values[at]!, 0);
  const weight = 1 + mixture.weights.reduce((sum, each) => sum + each, 0);
  expect(mean / weight).toBeCloseTo(1, 6);
});

test("a marginal is the joint density averaged over the other coordinates", () => {
  const domain = { kind: "real", low: 0, high: 1, log: false, step: undefined } as const;
  const choice = { kind: "categorical", choices: ["a", "b", "c"], ordered: false } as const;
  const rest = { condition: undefined, default: undefined };
  const space = createSpace([
    { name: "x", domain, ...rest },
    { name: "c", domain: choice, ...rest },
  ]);
  const stream = createStream(6);
  const mixture = mixtureOf(
    space,
    Array.from({ length: 15 }, () => drawUniform(space, stream, undefined)),
  );
  const weight = 1 + mixture.weights.reduce((sum, each) => sum + each, 0);
  const units = Float64Array.of(0, 0.3, 0.99);
  const centres = [1 / 6, 0.5, 5 / 6];
  const line = createLine(4);
  const logs = new Float64Array(4);
  const atUnits = [0.99, 0, NaN, 0.3].map((unit) => Float64Array.of(unit, 0.5));
  fillLine(line, mixture.layout, 0, atUnits);
  expect([...line.owners].slice(0, line.count)).toEqual([1, 3, 0]);
  logMarginals(mixture, 0, line, logs);
  logs.subarray(0, line.count).forEach((log, at) => {
    const joint = densities(
      mixture,
      centres.map((centre) => Float64Array.of(units[at]!, centre)),
    );
    expect(Math.exp(log)).toBeCloseTo(joint.reduce((sum, each) => sum + each, 0) / 3 / weight, 9);
  });
  const steps = Array.from({ length: 4000 }, (_, step) => (step + 0.5) / 4000);
  logChoiceMarginals(mixture, 0).forEach((log, choiceIndex) => {
    const joint = densities(
      mixture,
      steps.map((step) => Float64Array.of(step, centres[choiceIndex]!)),
    );
    expect(Math.exp(log)).toBeCloseTo(joint.reduce((sum, each) => sum + each, 0) / 4000 / weight, 5);
  });
});
