import { fc } from "../../../../test/support/fast-check.ts";
import { describe, expect, test } from "vitest";
import { createHistory, type History, type Objective, type Result } from "../history.ts";
import { createSpace } from "../space/space.ts";
import { createPruner, multiObjectivePrunerKinds, prunerKinds, type PrunerSpec } from "./index.ts";
import type { Pruner } from "./pruner.ts";
import type { Curve } from "../curve.ts";

const space = createSpace([
  {
    name: "x",
    domain: { kind: "real", low: 0, high: 1, log: false, step: undefined },
    condition: undefined,
    default: undefined,
  },
]);

/** Every kind as a user would choose it, some with settings that make it decide early. */
const specs: readonly PrunerSpec[] = [
  { kind: "auto" },
  { kind: "none" },
  { kind: "median" },
  { kind: "median", startupTrials: 0, warmupSteps: 2, intervalSteps: 3, minTrials: 2 },
  { kind: "percentile" },
  { kind: "percentile", percentile: 80, startupTrials: 1 },
  { kind: "asha" },
  { kind: "asha", minResource: 1, reductionFactor: 2, minEarlyStoppingRate: 1 },
  { kind: "hyperband" },
  { kind: "hyperband", minResource: 1, maxResource: 9, reductionFactor: 2 },
  { kind: "pasha" },
  { kind: "pasha", minResource: 2, reductionFactor: 2 },
  { kind: "threshold", lower: -5, upper: 5 },
  { kind: "patience" },
  { kind: "patience", patience: 2, minDelta: 0.001 },
  { kind: "wilcoxon" },
  { kind: "curve" },
  { kind: "curve", confidence: 0.6, warmupSteps: 1 },
];

/** Kinds that compare with other trials, so that the better of two like curves must not fare worse. */
const comparing = specs.filter(({ kind }) => !["none", "threshold", "patience"].includes(kind));

const value = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: -10, max: 10, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity, 0, 1e300, -1e300) },
);
const curve: fc.Arbitrary<Curve> = fc
  .array(fc.tuple(fc.oneof(fc.integer({ min: 0, max: 30 }), fc.constantFrom(0.5, 1e9, 2 ** 53)), value), {
    maxLength: 14,
  })
  .map((reports) => {
    const sorted = [...new Map(reports)].sort(([a], [b]) => a - b);
    return { steps: sorted.map(([step]) => step), values: sorted.map(([, reported]) => reported) };
  });
const ended = fc.record({
  outcome: fc.constantFrom<Result["outcome"]>("completed", "completed", "pruned", "failed", "infeasible"),
  curve,
});

function historyOf(
  trials: readonly { readonly outcome: Result["outcome"]; readonly curve: Curve }[],
  goal: Objective["goal"] = "minimize",
): History {
  const history = createHistory(space, [{ name: "loss", goal }]);
  trials.forEach(({ outcome, curve: reports }, number) => {
    history.addPending(number, { x: number / (trials.length + 1) });
    history.end(number, {
      outcome,
      values: outcome === "failed" ? [] : [reports.values[reports.values.length - 1] ?? 0],
      violation: outcome === "infeasible" ? 1 : 0,
      curve: reports,
      revision: number + 1,
    });
  });
  return history;
}

/** Reports a curve bit by bit as a worker does; the step at which it is stopped, undefined if it never is. */
function run(pruner: Pruner, history: History, reports: Curve, number = history.size): number | undefined {
  for (let length = 1; length <= reports.steps.length; length++) {
    const { stop } = pruner.decide({
      history,
      number,
      curve: {
        steps: Array.prototype.slice.call(reports.steps, 0, length),
        values: Array.prototype.slice.call(reports.values, 0, length),
      },
    });
    if (stop) return reports.steps[length - 1];
  }
  return undefined;
}

const decaying = (end: number, start = end + 1, length = 20): Curve => ({
  steps: Array.from({ length }, (_, step) => step + 1),
  values: Array.from({ length }, (_, step) => end + (start - end) * Math.exp(-step / 4)),
});
const mirrored = ({ steps, values }: Curve): Curve => ({
  steps,
  values: Array.from(values, (reported) => -reported),
});

test("every kind that there is goes through this suite", () => {
  expect(new Set(specs.map(({ kind }) => kind))).toEqual(new Set(prunerKinds));
});

describe.for(specs.map((spec) => [JSON.stringify(spec), spec] as const))("%s", ([, spec]) => {
  const create = (goal: Objective["goal"] = "minimize"): Pruner =>
    createPruner(spec, [{ name: "loss", goal }]);

  test("answers whatever the reports, with a reason exactly when it stops", () => {
    fc.assert(
      fc.property(
        fc.array(ended, { maxLength: 12 }),
        fc.array(curve, { maxLength: 4 }),
        (trials, running) => {
          const history = historyOf(trials);
          const pruner = create();
          running.forEach((reports, index) => {
            const number = trials.length + index;
            pruner.observe?.({ history, number, curve: reports });
            const decision = pruner.decide({ history, number, curve: reports });
            expect(decision.reason !== "").toBe(decision.stop);
            expect(decision.reason).not.toContain("undefined");
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  test("decides the same in an instance that followed the study and in one made now", () => {
    fc.assert(
      fc.property(fc.array(ended, { minLength: 1, maxLength: 12 }), curve, (trials, reports) => {
        const following = create();
        const history = createHistory(space, [{ name: "loss", goal: "minimize" }]);
        trials.forEach(({ outcome, curve: past }, number) => {
          history.addPending(number, { x: number / 100 });
          following.decide({ history, number, curve: past });
          const values = outcome === "failed" ? [] : [past.values[past.values.length - 1] ?? 0];
          history.end(number, {
            outcome,
            values,
            violation: outcome === "infeasible" ? 1 : 0,
            curve: past,
            revision: number + 1,
          });
        });
        const request = { history, number: trials.length, curve: reports };
        expect(create().decide(request)).toEqual(following.decide(request));
      }),
      { numRuns: 60 },
    );
  });

  test("stops nothing in a study without other trials, but what has no number", () => {
    const history = historyOf([]);
    expect(run(create(), history, decaying(0))).toBeUndefined();
  });

  test("an improving trial that is the best at every step is never stopped", () => {
    const history = historyOf(
      Array.from({ length: 30 }, (_, index) => ({
        outcome: "completed",
        curve: decaying(1 + (index % 7) / 7),
      })),
    );
    expect(run(create(), history, decaying(0))).toBeUndefined();
  });

  test("starts anew when it is shown another history", () => {
    const pruner = create();
    run(
      pruner,
      historyOf(Array.from({ length: 12 }, () => ({ outcome: "completed", curve: decaying(0) }))),
      decaying(1),
    );
    const other = historyOf(
      Array.from({ length: 12 }, (_, index) => ({ outcome: "completed", curve: decaying(5 + index / 4) })),
    );
    expect(run(pruner, other, decaying(5.2))).toBe(run(create(), other, decaying(5.2)));
  });

  test("maximising is minimising the negative", () => {
    fc.assert(
      fc.property(fc.array(ended, { maxLength: 10 }), curve, (trials, reports) => {
        const mirror = trials.map(({ outcome, curve: past }) => ({ outcome, curve: mirrored(past) }));
        expect(run(create("maximize"), historyOf(mirror, "maximize"), mirrored(reports))).toBe(
          run(create(), historyOf(trials), reports),
        );
      }),
      { numRuns: 40 },
    );
  });
});

describe.for(comparing.map((spec) => [JSON.stringify(spec), spec] as const))("%s compares", ([, spec]) => {
  test("a hopeless trial is stopped before its end, and no later than one that is less bad", () => {
    const trials = Array.from({ length: 30 }, (_, index) => ({
      outcome: "completed" as const,
      curve: decaying((index % 10) / 10),
    }));
    const create = (): Pruner => createPruner(spec, [{ name: "loss", goal: "minimize" }]);
    const hopeless = run(create(), historyOf(trials), decaying(50, 60)) ?? Infinity;
    const bad = run(create(), historyOf(trials), decaying(1.5)) ?? Infinity;
    expect(hopeless).toBeLessThan(20);
    expect(hopeless).toBeLessThanOrEqual(bad);
  });
});

/** Reports of two objectives: the curve's own and another's values, whatever they are. */
const vectorCurve = fc
  .tuple(curve, fc.array(value, { minLength: 14, maxLength: 14 }))
  .map(([{ steps, values }, others]): Curve => {
    return { steps, values, vectors: Array.from(values).flatMap((own, at) => [own, others[at]!]) };
  });

describe.for(specs.map((spec) => [JSON.stringify(spec), spec] as const))("%s, two objectives", ([, spec]) => {
  const objectives: readonly Objective[] = [
    { name: "loss", goal: "minimize" },
    { name: "accuracy", goal: "maximize" },
  ];
  test("decides alike however it learnt of the trials, and stops nothing unless it ranks all objectives", () => {
    const outcomes = fc.constantFrom<Result["outcome"]>("completed", "completed", "pruned", "failed");
    const trial = fc.record({ outcome: outcomes, curve: vectorCurve });
    fc.assert(
      fc.property(
        fc.array(trial, { maxLength: 14 }),
        vectorCurve,
        vectorCurve,
        (trials, running, reports) => {
          const following = createPruner(spec, objectives);
          const history = createHistory(space, objectives);
          trials.forEach(({ outcome, curve: past }, number) => {
            history.addPending(number, { x: number / 100 });
            following.decide({ history, number, curve: past });
            const values = outcome === "failed" ? [] : [0, 1];
            history.end(number, { outcome, values, violation: 0, curve: past, revision: number + 1 });
          });
          const number = trials.length;
          const fresh = createPruner(spec, objectives);
          for (const pruner of [following, fresh]) pruner.observe?.({ history, number, curve: running });
          const decision = following.decide({ history, number: number + 1, curve: reports });
          expect(fresh.decide({ history, number: number + 1, curve: reports })).toEqual(decision);
          expect(decision.reason !== "").toBe(decision.stop);
          if (!multiObjectivePrunerKinds.includes(spec.kind)) expect(decision.stop).toBe(false);
        },
      ),
      { numRuns: 60 },
    );
  });
});
