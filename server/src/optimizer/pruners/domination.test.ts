import { fc } from "../../../../test/support/fast-check.ts";
import { describe, expect, test } from "vitest";
import { createHistory, type Objective } from "../history.ts";
import { createSpace } from "../space/space.ts";
import { createDominationRanking } from "./domination-ranking.ts";
import { createPruner, multiObjectivePrunerKinds, type PrunerSpec } from "./index.ts";
import type { Curve } from "../curve.ts";

const space = createSpace([
  {
    name: "x",
    domain: { kind: "real", low: 0, high: 1, log: false, step: undefined },
    condition: undefined,
    default: undefined,
  },
]);
const objectives: readonly Objective[] = [
  { name: "loss", goal: "minimize" },
  { name: "accuracy", goal: "maximize" },
];

/** Constant curves over the steps 1 to `length`. */
const flat = (loss: number, accuracy: number, length: number): Curve => ({
  steps: Array.from({ length }, (_, at) => at + 1),
  values: new Array<number>(length).fill(loss),
  vectors: Array.from({ length }, () => [loss, accuracy]).flat(),
});

/** A study in which these trials of twenty steps have completed. */
function studyOf(trials: readonly (readonly [number, number])[]) {
  const history = createHistory(space, objectives);
  trials.forEach(([loss, accuracy], number) => {
    history.addPending(number, { x: number / 100 });
    history.end(number, {
      outcome: "completed",
      values: [loss, accuracy],
      violation: 0,
      curve: flat(loss, accuracy, 20),
      revision: number + 1,
    });
  });
  const number = history.size;
  history.addPending(number, { x: 0.999 });
  return {
    /** The step at which a further trial is stopped, with why; undefined if it never is. */
    stopOf(spec: PrunerSpec, curve: Curve) {
      const pruner = createPruner(spec, objectives);
      for (let length = 1; length <= curve.steps.length; length++) {
        const decision = pruner.decide({
          history,
          number,
          curve: {
            steps: Array.from(curve.steps).slice(0, length),
            values: Array.from(curve.values).slice(0, length),
            vectors: Array.from(curve.vectors ?? []).slice(0, 2 * length),
          },
        });
        if (decision.stop) return { step: curve.steps[length - 1], reason: decision.reason };
      }
      return undefined;
    },
  };
}

/** On a front from (0, 0.1) to (0.9, 1), each followed by one that is worse in both by 0.05. */
const frontAndBehind = Array.from({ length: 10 }, (_, i): [number, number][] => [
  [i / 10, (i + 1) / 10],
  [i / 10 + 0.05, (i + 1) / 10 - 0.05],
]).flat();

describe.each<PrunerSpec>([{ kind: "auto" }, { kind: "median" }, { kind: "percentile" }, { kind: "asha" }])(
  "$kind with two objectives",
  (spec) => {
    const study = studyOf(frontAndBehind);
    test("never stops a trial that nobody dominates, wherever on the front it is", () => {
      for (const [loss, accuracy] of [
        [-0.1, 0],
        [0.5, 0.65],
        [1, 1.1],
      ] as const)
        expect(study.stopOf(spec, flat(loss, accuracy, 20))).toBeUndefined();
    });

    test("stops a trial that most others dominate, and says by how many", () => {
      const stopped = study.stopOf(spec, flat(0.95, 0.05, 20));
      expect(stopped?.step).toBeLessThanOrEqual(3);
      expect(stopped?.reason).toMatch(/^\d+ of 20 trials are better in every objective at step/);
    });

    test("takes what is not a number for the worst", () => {
      expect(study.stopOf(spec, flat(Number.NaN, Number.NaN, 20))).toBeDefined();
    });
  },
);

test("a trial whose first objective is the worst goes on for its second", () => {
  const study = studyOf(frontAndBehind);
  expect(study.stopOf({ kind: "median" }, flat(5, 1.2, 20))).toBeUndefined();
  expect(study.stopOf({ kind: "median" }, flat(5, 0.5, 20))).toBeDefined();
});

test("the median waits for five completed trials, and for its warm-up", () => {
  expect(studyOf(frontAndBehind.slice(0, 4)).stopOf({ kind: "median" }, flat(9, -9, 20))).toBeUndefined();
  const study = studyOf(frontAndBehind);
  expect(study.stopOf({ kind: "median", warmupSteps: 7 }, flat(9, -9, 20))?.step).toBe(8);
});

test("kinds that watch one objective stop nothing", () => {
  expect(multiObjectivePrunerKinds).toEqual(["none", "auto", "median", "percentile", "asha"]);
  expect(studyOf(frontAndBehind).stopOf({ kind: "patience", patience: 1 }, flat(9, -9, 20))).toBeUndefined();
});

test("the ranking counts dominating trials as the definition does, in whatever order they come", () => {
  const vector = fc.tuple(
    fc.integer({ min: 0, max: 4 }),
    fc.integer({ min: 0, max: 4 }),
    fc.integer({ min: 0, max: 4 }),
  );
  fc.assert(
    fc.property(fc.array(vector, { minLength: 1, maxLength: 25 }), (vectors) => {
      const ranking = createDominationRanking(3);
      vectors.forEach((each, number) => ranking.add(number, each));
      const counts = vectors.map(
        (own) =>
          vectors.filter(
            (other) =>
              other.every((value, k) => value <= own[k]!) && other.some((value, k) => value < own[k]!),
          ).length,
      );
      vectors.forEach((own, number) => {
        expect(ranking.place(number, own)).toEqual({
          dominating: counts[number],
          better: counts.filter((count) => count < counts[number]!).length,
          others: vectors.length - 1,
        });
      });
    }),
  );
});

test("of thousands of trials a sample that does not depend on their order tells the shares, and who is on the front", () => {
  const size = 3000;
  // Each number once along both axes: trial n is at (i, j) with j a permutation of i.
  const vectors = Array.from({ length: size }, (_, i) => [i, (i * 1237) % size]);
  const [forward, backward] = [createDominationRanking(2), createDominationRanking(2)];
  for (let number = 0; number < size; number++) forward.add(number, vectors[number]!);
  for (let number = size - 1; number >= 0; number--) backward.add(number, vectors[number]!);
  const counts = vectors.map(([x, y]) => vectors.filter(([a, b]) => a! < x! && b! < y!).length);
  const sorted = counts.toSorted((a, b) => a - b);
  vectors.forEach((own, number) => {
    const place = forward.place(number, own);
    expect(backward.place(number, own)).toEqual(place);
    expect(place.others).toBe(size - 1);
    if (counts[number] === 0) expect(place.dominating).toBe(0);
    expect(Math.abs(place.dominating - counts[number]!) / size).toBeLessThan(0.1);
    const better = sorted.findIndex((count) => count >= counts[number]!);
    expect(Math.abs(place.better - better) / size).toBeLessThan(0.15);
  });
});
