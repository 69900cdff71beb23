import { fc } from "../../../../../test/support/fast-check.ts";
import { expect, test } from "vitest";
import { arbitraryParameters } from "../../../../../test/support/arbitrary-space.ts";
import { createStream } from "../../numerics/stream.ts";
import { normalizeParameters } from "../../space/check-space.ts";
import { createSpace } from "../../space/space.ts";
import { drawUniform } from "../random.ts";
import { createLayout } from "./kernel-rows.ts";
import { createOtherKernels, type OtherKernels } from "./other-kernels.ts";

const state = ({ rows, length, count }: OtherKernels, width: number, choices: number) => ({
  count,
  rowLogs: [...rows.rowLogs.subarray(0, length)],
  // Rows without a kernel keep codes that nobody reads.
  kernels: Array.from({ length }, (_, row) => row)
    .filter((row) => rows.rowLogs[row] !== -Infinity)
    .map((row) => ({
      row,
      pairs: [...rows.pairs.subarray(2 * row * width, 2 * (row + 1) * width)],
      norms: [...rows.norms.subarray(row * width, (row + 1) * width)],
      codes: [...rows.codes.subarray(row * choices, (row + 1) * choices)],
    })),
});

test("however the kernels came and went, their numbers equal those of a full rebuild to the bit", () => {
  fc.assert(
    fc.property(
      arbitraryParameters(),
      fc.nat(),
      fc.integer({ min: 1, max: 250 }),
      (parameters, seed, size) => {
        const space = createSpace(normalizeParameters(parameters));
        const layout = createLayout(space);
        const stream = createStream(seed);
        const points = Array.from({ length: size }, () => drawUniform(space, stream, undefined));
        const members = new Set<number>();
        const followed = createOtherKernels(layout);
        for (let change = 0; change < 2 * size; change++) {
          const row = change < size ? change : stream.integer(size);
          if (members.delete(row)) followed.remove(row);
          else {
            members.add(row);
            followed.add(row, points[row]!);
          }
          if (stream.uniform() < 0.2) followed.settle();
        }
        followed.settle();
        const rebuilt = createOtherKernels(layout);
        const shuffled = [...members].sort((a, b) => ((a * 7919) % 101) - ((b * 7919) % 101));
        for (const row of shuffled) rebuilt.add(row, points[row]!);
        rebuilt.settle();
        const [width, choices] = [layout.numeric.length, layout.categorical.length];
        expect(state(followed, width, choices).kernels).toEqual(state(rebuilt, width, choices).kernels);
        expect(followed.count).toBe(rebuilt.count);
      },
    ),
    { numRuns: 60 },
  );
});

test("deviations follow the rule: the farther neighbour, the inner one at the ends, within the clip", () => {
  const domain = { kind: "real", low: 0, high: 1, log: false, step: undefined } as const;
  const space = createSpace([{ name: "x", domain, condition: undefined, default: undefined }]);
  const kernels = createOtherKernels(createLayout(space));
  const deviations = (...means: number[]): number[] => {
    means.forEach((mean, row) => kernels.add(row, Float64Array.of(mean)));
    kernels.settle();
    const found = means.map((_, row) => Math.SQRT1_2 / kernels.rows.pairs[2 * row + 1]!);
    means.forEach((_, row) => kernels.remove(row));
    return found.map((deviation) => Number(deviation.toFixed(9)));
  };
  expect(deviations(0.3)).toEqual([0.7]); // alone: to the farther end of the range
  expect(deviations(0.9, 0.1, 0.2)).toEqual([0.7, 0.2, 0.7]); // 0.1 is clipped up to 1/(1 + 4)
  const many = deviations(...Array.from({ length: 200 }, (_, at) => (at + 0.5) / 200));
  expect(new Set(many)).toEqual(new Set([0.01])); // gaps of 0.005 are clipped to 1/100
});
