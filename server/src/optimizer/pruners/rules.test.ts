import { describe, expect, test } from "vitest";
import { createHistory, type History, type Result } from "../history.ts";
import { createSpace } from "../space/space.ts";
import { bracketCount, bracketOf } from "./hyperband.ts";
import { createPruner, type PrunerSpec } from "./index.ts";
import type { Pruner } from "./pruner.ts";
import type { Curve } from "../curve.ts";

/** What each kind of pruner decides, by example. */

const objectives = [{ name: "loss", goal: "minimize" as const }];
const parameters = [
  {
    name: "x",
    domain: { kind: "real" as const, low: 0, high: 1, log: false, step: undefined },
    condition: undefined,
    default: undefined,
  },
];

/** Values at steps 1, 2, 3 …, or at given steps. */
const curve = (values: readonly number[], steps = values.map((_, index) => index + 1)): Curve => ({
  steps,
  values,
});

function historyOf(...trials: readonly (readonly [Result["outcome"], Curve])[]): History {
  const history = createHistory(createSpace(parameters), objectives);
  trials.forEach(([outcome, reports], number) => {
    history.addPending(number, { x: 0.5 });
    const values = outcome === "failed" ? [] : [reports.values[reports.values.length - 1] ?? 0];
    history.end(number, { outcome, values, violation: 0, curve: reports, revision: number + 1 });
  });
  return history;
}

const completed = (...curves: readonly (readonly number[])[]): History =>
  historyOf(...curves.map((values) => ["completed", curve(values)] as const));

function decide(spec: PrunerSpec, history: History, reports: Curve, number = history.size) {
  return createPruner(spec, objectives).decide({ history, number, curve: reports });
}

describe("percentile", () => {
  const history = completed([5, 1], [5, 2], [5, 3], [5, 4], [5, 5]);

  test("stops who is worse than the share of trials that may go on", () => {
    const spec = { kind: "percentile", percentile: 25 } as const;
    expect(decide(spec, history, curve([5, 2])).stop).toBe(false);
    expect(decide(spec, history, curve([5, 2.1]))).toEqual({
      stop: true,
      reason: "best value 2.1 up to step 2 is worse than the 25th percentile 2 of 5 completed trials",
    });
  });

  test("the best value so far counts, not the newest", () => {
    expect(decide({ kind: "median" }, history, curve([1, 9])).stop).toBe(false);
  });

  test("waits for its start-up trials, its warm-up and its interval", () => {
    const bad = curve([9, 9]);
    expect(decide({ kind: "median" }, history, bad).stop).toBe(true);
    expect(decide({ kind: "median", startupTrials: 6 }, history, bad).stop).toBe(false);
    expect(decide({ kind: "median", warmupSteps: 3 }, history, bad).stop).toBe(false);
    expect(decide({ kind: "median", intervalSteps: 5, warmupSteps: 1 }, history, bad).stop).toBe(false);
    expect(decide({ kind: "median", minTrials: 6 }, history, bad).stop).toBe(false);
  });
});

describe("asha", () => {
  const spec = { kind: "asha", minResource: 1, reductionFactor: 2 } as const;

  test("at each rung the best 1/η go on, pruned and running trials among the field", () => {
    const history = historyOf(
      ["pruned", curve([4])],
      ["completed", curve([3, 1, 1, 1])],
      ["failed", curve([2, 2])],
    );
    const pruner = createPruner(spec, objectives);
    // Rung 1: 4, 3, 2 and the trial's own; the best two go on.
    expect(pruner.decide({ history, number: 3, curve: curve([2.5]) }).stop).toBe(false);
    expect(pruner.decide({ history, number: 4, curve: curve([2.9]) }).stop).toBe(true);
    // Trials 5 to 7 were only shown: without them 2.45 would be the 2nd of 6, with them it is the 5th of 9.
    const informed = createPruner(spec, objectives);
    for (const one of [pruner, informed]) {
      one.decide({ history, number: 3, curve: curve([2.5]) });
      one.decide({ history, number: 4, curve: curve([2.9]) });
    }
    [0, 0.1, 0.2].forEach((value, index) =>
      informed.observe!({ history, number: 5 + index, curve: curve([value]) }),
    );
    expect(pruner.decide({ history, number: 8, curve: curve([2.45]) }).stop).toBe(false);
    expect(informed.decide({ history, number: 8, curve: curve([2.45]) }).stop).toBe(true);
  });

  test("between rungs nothing is decided", () => {
    const history = completed([1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1]);
    expect(decide(spec, history, curve([1, 1, 9])).stop).toBe(false);
    expect(decide(spec, history, curve([1, 1, 9, 9]))).toEqual({
      stop: true,
      reason: "value 9 at step 4 is not among the best of 4 trials at rung 3",
    });
  });

  test("a report that leaves rungs out is judged at all that it passes", () => {
    const history = completed([1, 5, 1, 1], [1, 5, 1, 1]);
    expect(decide(spec, history, curve([2], [4])).stop).toBe(true);
  });

  test("without a first rung it waits for a whole trial and takes a hundredth of it", () => {
    const auto = { kind: "asha", reductionFactor: 2 } as const;
    const long = Array.from({ length: 400 }, () => 1);
    expect(decide(auto, historyOf(["pruned", curve([1, 1])]), curve([9])).stop).toBe(false);
    expect(decide(auto, completed(long, long), curve([9, 9, 9])).stop).toBe(false);
    expect(decide(auto, completed(long, long), curve([9, 9, 9, 9])).stop).toBe(true);
  });

  test("a longer completed trial does not make given rungs forget what running ones have reached", () => {
    const history = historyOf(["completed", curve([3, 3])]);
    const pruner = createPruner(spec, objectives);
    [0, 0.1, 0.2].forEach((value, index) => {
      history.addPending(1 + index, { x: 0.5 });
      pruner.observe!({ history, number: 1 + index, curve: curve([value]) });
    });
    history.addPending(4, { x: 0.5 });
    const long = curve([3, 3, 3, 3, 3, 3]);
    history.end(4, { outcome: "completed", values: [3], violation: 0, curve: long, revision: 2 });
    // Rung 1: 3, 0, 0.1, 0.2, 3 and the trial's own; the best three go on.
    expect(pruner.decide({ history, number: 5, curve: curve([1]) }).stop).toBe(true);
    expect(pruner.decide({ history, number: 6, curve: curve([0.15]) }).stop).toBe(false);
  });

  test("a trial that starts again brings new values", () => {
    const history = completed();
    const pruner = createPruner(spec, objectives);
    pruner.decide({ history, number: 0, curve: curve([0]) });
    pruner.decide({ history, number: 0, curve: curve([9]) });
    expect(pruner.decide({ history, number: 1, curve: curve([5]) }).stop).toBe(false);
  });
});

describe("hyperband", () => {
  test("brackets share the trials by their odds, the earliest most", () => {
    const count = bracketCount(1, 52, 3);
    expect(count).toBe(4);
    const shares = new Array<number>(count).fill(0);
    for (let number = 0; number < 20_000; number++) shares[bracketOf(number, count, 3)]! += 1 / 20_000;
    // ⌈4·27/4⌉, ⌈4·9/3⌉, ⌈4·3/2⌉, ⌈4·1/1⌉ of 49
    [27, 12, 6, 4].forEach((odds, bracket) =>
      expect(Math.abs(shares[bracket]! - odds / 49)).toBeLessThan(0.01),
    );
  });

  test("a trial competes within its bracket and is judged from that bracket's first rung on", () => {
    const spec = { kind: "hyperband", minResource: 1, maxResource: 9, reductionFactor: 3 } as const;
    const inBracket = (bracket: number): number[] =>
      Array.from({ length: 200 }, (_, number) => number).filter(
        (number) => bracketOf(number, 3, 3) === bracket,
      );
    const [early, late] = [inBracket(0), inBracket(2)];
    const pruner = createPruner(spec, objectives);
    const history = completed();
    const ask = (number: number, ...values: number[]) =>
      pruner.decide({ history, number, curve: curve(values) }).stop;
    expect(ask(early[0]!, 1)).toBe(false);
    expect(ask(late[0]!, 2)).toBe(false);
    expect(ask(early[1]!, 2)).toBe(true);
    expect(ask(late[1]!, 9, 9, 9, 9, 9, 9, 9, 9)).toBe(false);
    expect(ask(late[0]!, 2, 2, 2, 2, 2, 2, 2, 2, 2)).toBe(false);
    expect(ask(late[1]!, 9, 9, 9, 9, 9, 9, 9, 9, 9)).toBe(true);
  });
});

describe("pasha", () => {
  const spec = { kind: "pasha", minResource: 1, reductionFactor: 2 } as const;
  const feed = (pruner: Pruner, curves: readonly (readonly number[])[]): boolean[] => {
    const history = completed();
    return curves.map((values, number) => pruner.decide({ history, number, curve: curve(values) }).stop);
  };

  test("while the two highest rungs agree, only the best trains on beyond them", () => {
    const stops = feed(createPruner(spec, objectives), [
      [1, 1],
      [2, 2],
      [0.5, 0.5],
      [0.6, 0.6],
    ]);
    expect(stops).toEqual([false, true, false, true]);
  });

  test("when they disagree the top rung moves up", () => {
    const pruner = createPruner(spec, objectives);
    // The order at step 1 is turned round at step 2: the third trial is judged as at any rung, 2nd of 4 being enough.
    const stops = feed(pruner, [
      [1, 4],
      [2, 3],
      [3, 1],
      [4, 2],
    ]);
    expect(stops).toEqual([false, false, false, false]);
  });
});

describe("threshold", () => {
  test("stops outside the range and at NaN, from the warm-up on", () => {
    const spec = { kind: "threshold", lower: 0, upper: 1, warmupSteps: 2 } as const;
    const reasons = [[7], [0, 0.5], [0, 7], [0, -1], [0, NaN]].map(
      (values) => decide(spec, completed(), curve(values)).reason,
    );
    expect(reasons).toEqual([
      "",
      "",
      "value 7 at step 2 is above the upper bound 1",
      "value -1 at step 2 is below the lower bound 0",
      "the value at step 2 is not a number",
    ]);
  });
});

describe("patience", () => {
  test("allows so many reports without an improvement", () => {
    const spec = { kind: "patience", patience: 2 } as const;
    expect(decide(spec, completed(), curve([3, 2, 2, 2])).stop).toBe(false);
    expect(decide(spec, completed(), curve([3, 2, 2, 2, 2]))).toEqual({
      stop: true,
      reason: "no improvement on 2 of step 2 in 3 reports",
    });
  });

  test("what is too small is no improvement", () => {
    const falling = curve([1, 0.99, 0.98, 0.97]);
    expect(decide({ kind: "patience", patience: 2 }, completed(), falling).stop).toBe(false);
    expect(decide({ kind: "patience", patience: 2, minDelta: 0.1 }, completed(), falling).stop).toBe(true);
  });
});

describe("wilcoxon", () => {
  const history = completed([1, 2, 3, 4, 5, 6], [9, 9, 9, 9, 9, 9]);

  test("stops who is significantly worse than the best at common steps", () => {
    // The best trial is the one that ended lowest, not the one with the lowest steps. Four of four pairs: p = 1/16.
    expect(decide({ kind: "wilcoxon" }, history, curve([2, 3, 4])).stop).toBe(false);
    expect(decide({ kind: "wilcoxon" }, history, curve([2, 3, 4, 5])).reason).toBe(
      "worse than trial 0 by 1 on average of 4 common steps (p = 0.0625)",
    );
    expect(decide({ kind: "wilcoxon", pThreshold: 0.01 }, history, curve([2, 3, 4, 5])).stop).toBe(false);
    expect(decide({ kind: "wilcoxon", startupSteps: 5 }, history, curve([2, 3, 4, 5])).stop).toBe(false);
  });

  test("never stops who is better on average, and reads only steps that both have", () => {
    expect(
      decide({ kind: "wilcoxon", pThreshold: 0.9 }, history, curve([1.1, 2.1, 3.1, 4.1, -50])).stop,
    ).toBe(false);
    expect(decide({ kind: "wilcoxon" }, history, curve([9, 9, 9, 9], [7, 8, 9, 10])).stop).toBe(false);
    expect(decide({ kind: "wilcoxon" }, history, curve([NaN, Infinity, 4, 5])).stop).toBe(false);
  });
});

describe("curve and auto", () => {
  const shape = (end: number, rate: number, length = 30): number[] =>
    Array.from({ length }, (_, step) => end + 2 * Math.exp(-rate * (step + 1)));
  const wholes = Array.from({ length: 12 }, (_, index) =>
    shape(1 + ((index * 5) % 12) / 12, 0.1 + (index % 4) / 30),
  );

  test.for(["curve", "auto"] as const)(
    "%s: a late bloomer goes on, a flat curve at its level does not",
    (kind) => {
      const history = completed(...wholes);
      const bloomer = shape(0.8, 0.08);
      const pruner = createPruner({ kind }, objectives);
      const stopsAt = (values: readonly number[], number: number): number | undefined => {
        for (let length = 1; length <= values.length; length++)
          if (pruner.decide({ history, number, curve: curve(values.slice(0, length)) }).stop) return length;
        return undefined;
      };
      expect(stopsAt(bloomer, history.size)).toBeUndefined();
      expect(
        stopsAt(
          bloomer.map((_, step) => bloomer[Math.min(step, 5)]!),
          history.size + 1,
        ),
      ).toBeLessThan(20);
    },
  );

  test.for(["curve", "auto"] as const)(
    "%s: nothing is decided in the first reports, however bad they are",
    (kind) => {
      const history = completed(...wholes);
      for (const length of [1, 2, 3])
        expect(decide({ kind }, history, curve(new Array<number>(length).fill(99))).stop).toBe(false);
    },
  );

  test.for(["curve", "auto"] as const)(
    "%s: an early value beyond all measure stops no good trial",
    (kind) => {
      const good = [1e200, ...shape(0.2, 0.3, 14).slice(1)];
      expect(decide({ kind }, completed(...wholes), curve(good)).stop).toBe(false);
    },
  );

  test("auto names a spread only where curves have one", () => {
    const reasons = (noise: number): string => {
      const at = (start: number, number: number) =>
        Array.from(
          { length: 20 },
          (_, step) => start + Math.exp(-step / 5) + noise * Math.sin(37 * number + 11 * step),
        );
      const history = completed(...Array.from({ length: 12 }, (_, number) => at(number / 10, number)));
      const pruner = createPruner({ kind: "auto" }, objectives);
      const bad = at(3, 12);
      const decisions = bad.map((_, step) =>
        pruner.decide({ history, number: history.size, curve: curve(bad.slice(0, step + 1)) }),
      );
      return decisions.map((decision) => (decision.stop ? decision.reason : "")).join(";");
    };
    expect(reasons(0)).toMatch(/expected to end at \d\.\d+, worse than the best/);
    expect(reasons(0.01)).toMatch(/expected to end at \d\.\d+ ± 0\.\d+, worse than the best/);
  });

  test("auto compares trials that report at different steps", () => {
    const even = Array.from({ length: 15 }, (_, index) => 2 * (index + 1));
    const history = completed(...wholes);
    const bad = { steps: even.map((step) => step + 0.5), values: even.map(() => 5) };
    const pruner = createPruner({ kind: "auto" }, objectives);
    const stops = even.map((_, at) =>
      pruner.decide({
        history,
        number: history.size,
        curve: { steps: bad.steps.slice(0, at + 1), values: bad.values.slice(0, at + 1) },
      }),
    );
    expect(stops.some(({ stop }) => stop)).toBe(true);
  });
});
