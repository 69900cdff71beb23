import { expect, test } from "vitest";
import { createHistory } from "../../history.ts";
import { createStream } from "../../numerics/stream.ts";
import type { Domain } from "../../space/parameter.ts";
import { createSpace } from "../../space/space.ts";
import { suggest } from "../../suggest.ts";
import { createFeatures } from "./features.ts";
import { createGpSampler } from "./gp.ts";
import type { Training } from "./likelihood.ts";
import { createPosterior } from "./posterior.ts";
import { createWideRanges, type WideRanges } from "./wide-ranges.ts";

const real = (low: number, high: number, more: object = {}): Domain => ({
  kind: "real",
  low,
  high,
  log: false,
  step: undefined,
  ...more,
});
const integer = (low: number, high: number, step = 1): Domain => ({
  kind: "integer",
  low,
  high,
  log: false,
  step,
});
const spaceOf = (...domains: readonly Domain[]) =>
  createSpace(
    domains.map((domain, at) => ({ name: `p${at}`, domain, condition: undefined, default: undefined })),
  );
const wideIn = (...domains: readonly Domain[]): WideRanges | undefined => {
  const space = spaceOf(...domains);
  return createWideRanges(space, createFeatures(space));
};
const trainingOf = (rows: readonly number[], width: number): Training => ({
  count: rows.length / width,
  width,
  numeric: width,
  rows: Float64Array.from(rows),
  targets: Float64Array.from({ length: rows.length / width }, (_, i) => Math.sin(3 * i)),
});

test.each([
  ["touches zero", real(0, 1)],
  ["is of both signs", real(-5, 10)],
  ["is narrow", real(0.1, 0.99)],
  ["is logarithmic already", real(1e-5, 1, { log: true })],
  ["has a prior", real(1e-5, 1, { prior: { mean: 0.5, deviation: 0.2 } })],
  ["is a coarse grid", integer(1, 1001, 100)],
  ["is a list of choices", { kind: "categorical", choices: [1, 1000], ordered: true } as const],
])("a range that %s stays as it is", (_, domain) => {
  expect(wideIn(domain)).toBeUndefined();
});

test("where upper and lower bound are far apart, equal ratios become equal distances", () => {
  const { rows } = wideIn(real(0.01, 1), real(0, 1), integer(2, 200))!.rescale(
    // 0.1 and 20 are the geometric means.
    trainingOf([0, 0, 0, (0.1 - 0.01) / 0.99, 0.3, (20 - 2) / 198, 1, 1, 1], 3),
  );
  const expected = [0, 0, 0, 0.5, 0.3, 0.5, 1, 1, 1];
  rows.forEach((unit, at) => expect(unit).toBeCloseTo(expected[at]!, 12));
});

test("less than a thousandth of a range is not told apart, however small its lower bound", () => {
  const { rows } = wideIn(real(1e-300, 1))!.rescale(trainingOf([0, 1e-5, 1e-3, 1], 1));
  expect(rows[0]).toBe(0);
  expect(rows[1]!).toBeLessThan(0.002);
  expect(rows[2]!).toBeCloseTo(Math.log(2) / Math.log(1001), 12);
  expect(rows[3]).toBeCloseTo(1, 12);
});

const logs = Float64Array.of(Math.log(0.4), Math.log(0.7), Math.log(1.2), Math.log(1e-4));

test("a lifted posterior is asked at points as they are: means, deviations, slopes and believed points", () => {
  const wide = wideIn(real(1e-3, 1), real(0, 1))!;
  const stream = createStream(5);
  const units = (count: number): number[] => Array.from({ length: 2 * count }, () => stream.uniform());
  const training = trainingOf(units(15), 2);
  const inner = createPosterior(wide.rescale(training), logs, 3);
  const lifted = wide.lift(createPosterior(wide.rescale(training), logs, 3));
  expect([lifted.signal, lifted.noise]).toEqual([inner.signal, inner.noise]);
  const asked = trainingOf(units(20), 2);
  const believed = trainingOf(units(3), 2);
  for (let round = 0; round < 2; round++) {
    const [means, deviations, ownMeans, ownDeviations] = [0, 0, 0, 0].map(() => new Float64Array(20));
    inner.predict(wide.rescale(asked).rows, 20, means!, deviations!);
    lifted.predict(asked.rows, 20, ownMeans!, ownDeviations!);
    expect([ownMeans, ownDeviations]).toEqual([means, deviations]);
    for (let i = 0; i < 20; i++) {
      const row = asked.rows.slice(2 * i, 2 * i + 2);
      const { mean, deviation } = lifted.at(row);
      expect(mean).toBeCloseTo(means![i]!, 10);
      expect(deviation).toBeCloseTo(deviations![i]!, 8);
      const gradient = new Float64Array(2);
      lifted.slopes(2, -0.5, gradient);
      const score = (at: Float64Array): number => {
        const here = lifted.at(at);
        return 2 * here.mean - 0.5 * here.deviation;
      };
      gradient.forEach((slope, k) => {
        const step = 1e-6;
        const rise = score(row.with(k, row[k]! + step)) - score(row.with(k, row[k]! - step));
        expect(slope).toBeCloseTo(rise / (2 * step), 3);
      });
    }
    inner.believe(wide.rescale(believed).rows, 3);
    lifted.believe(believed.rows, 3);
  }
});

/** Reasons of 40 suggestions for a bowl whose least value is at 0.003 of its first range, by ratio. */
function reasonsIn(...domains: readonly Domain[]): string[] {
  const space = spaceOf(...domains);
  const history = createHistory(space, [{ name: "loss", goal: "minimize" }]);
  const sampler = createGpSampler(space, history.objectives);
  return Array.from({ length: 40 }, (_, number) => {
    const suggested = suggest({ space, sampler, history, number, seed: 2, replicates: 1 });
    if (suggested === "exhausted") throw new Error("no point is left");
    const [x, y] = [Number(suggested.params["p0"]), Number(suggested.params["p1"])];
    history.addPending(number, suggested.params);
    history.end(number, {
      outcome: "completed",
      values: [Math.log((x + 1e-9) / 0.003) ** 2 + y * y],
      violation: 0,
      curve: { steps: [], values: [] },
      revision: number + 1,
    });
    return suggested.reason;
  });
}

test("a study with a wide range takes the view by ratio where it tells good trials apart, and no other study does", () => {
  const count = (reasons: readonly string[]): number =>
    reasons.filter((reason) => reason.includes("wide ranges by ratio")).length;
  expect(count(reasonsIn(real(1e-5, 1), real(-1, 1)))).toBeGreaterThan(15);
  expect(count(reasonsIn(real(0, 1), real(-1, 1)))).toBe(0);
});
