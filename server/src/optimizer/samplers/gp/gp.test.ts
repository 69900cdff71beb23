import { expect, test } from "vitest";
import { createHistory, type Objective, type Result } from "../../history.ts";
import { createStream } from "../../numerics/stream.ts";
import type { LinearConstraint } from "../../space/linear.ts";
import type { Parameter, Params } from "../../space/parameter.ts";
import { createSpace } from "../../space/space.ts";
import { suggest } from "../../suggest.ts";
import { stageOf } from "./stage.ts";
import { createGpSampler } from "./gp.ts";

const rest = { condition: undefined, default: undefined };
const real = (name: string): Parameter => ({
  name,
  domain: { kind: "real", low: -2, high: 3, log: false, step: undefined },
  ...rest,
});
const choice = (name: string, ...choices: string[]): Parameter => ({
  name,
  domain: { kind: "categorical", choices, ordered: false },
  ...rest,
});
const minimise: Objective = { name: "loss", goal: "minimize" };

/** A study that is asked for trials and told what `outcome` says of them, when it says anything. */
function createStudy(
  parameters: readonly Parameter[],
  objective = minimise,
  seed = 5,
  constraints = 0,
  linear: readonly LinearConstraint[] = [],
) {
  const space = createSpace(parameters, linear);
  const history = createHistory(space, [objective], constraints);
  const sampler = createGpSampler(space, [objective]);
  let revision = 0;
  const ask = () => {
    const number = history.size;
    const suggested = suggest({ space, sampler, history, number, seed, replicates: 1 });
    if (suggested === "exhausted") throw new Error("no point is left");
    history.addPending(number, suggested.params);
    return { number, ...suggested };
  };
  const tell = (number: number, result: Partial<Result>): void => {
    const rest = {
      outcome: "completed",
      values: [],
      violation: 0,
      curve: { steps: [], values: [] },
    } as const;
    history.end(number, { ...rest, ...result, revision: ++revision });
  };
  const run = (trials: number, judge: (params: Params) => Partial<Result>) =>
    Array.from({ length: trials }, () => {
      const asked = ask();
      tell(asked.number, judge(asked.params));
      return asked;
    });
  return { space, history, ask, tell, run };
}

const number = (params: Params, name: string): number => Number(params[name]);
const bowl = (params: Params): number =>
  (number(params, "x") - 0.7) ** 2 + 2 * (number(params, "y") + 0.4) ** 2;

test("finds the minimum of a bowl in thirty trials, and the maximum of its mirror image", () => {
  for (const goal of ["minimize", "maximize"] as const) {
    const { run } = createStudy([real("x"), real("y")], { name: "value", goal });
    const asked = run(30, (params) => ({ values: [goal === "minimize" ? bowl(params) : -bowl(params)] }));
    expect(Math.min(...asked.map(({ params }) => bowl(params)))).toBeLessThan(1e-3);
  }
});

test("leaves a basin where nothing is left to gain, for the best of another one", () => {
  // Styblinski and Tang's function from −5 to 5, with 8 basins in three dimensions.
  const names = ["x", "y", "z"];
  const wells = (params: Params): number =>
    names.reduce((total, name) => {
      const v = 2 * number(params, name) - 1;
      return total + (v ** 4 - 16 * v * v + 5 * v) / 2;
    }, 0);
  const { run } = createStudy(names.map(real), minimise, 3);
  const asked = run(60, (params) => ({ values: [wells(params)] }));
  const isElsewhere = ({ reason }: { reason: string }): boolean => reason.includes("near another trial");
  expect(asked.slice(0, 20).some(isElsewhere)).toBe(false);
  const elsewhere = asked.filter(isElsewhere);
  expect(elsewhere.length).toBeGreaterThan(3);
  // None of them is where the best result so far was; without, half of all later trials repeat its last digits.
  for (const { number: at, params } of elsewhere) {
    const best = asked.slice(0, at).toSorted((a, b) => wells(a.params) - wells(b.params))[0]!;
    const away = names.map((name) => Math.abs(number(params, name) - number(best.params, name)));
    expect(Math.max(...away)).toBeGreaterThan(0.1);
  }
});

test("of results that are partly noise, no basins are made", () => {
  const { run } = createStudy([real("x"), real("y")]);
  const stream = createStream(3);
  const asked = run(50, (params) => ({ values: [bowl(params) + 0.5 * stream.normal()] }));
  expect(asked.filter(({ reason }) => reason.includes("near another trial"))).toEqual([]);
});

test("starts with a Sobol sequence and then says that it models", () => {
  const { run } = createStudy([real("x"), real("y")]);
  const names = run(8, (params) => ({ values: [bowl(params)] })).map(({ sampler }) => sampler);
  expect(names).toEqual(["sobol", "sobol", "sobol", "sobol", "sobol", "gp", "gp", "gp"]);
});

test("of eight trials that begin at once, half of the usual number are enough to model", () => {
  const { ask, tell } = createStudy([real("x"), real("y")]);
  const first = Array.from({ length: 8 }, ask);
  expect(first.every(({ sampler }) => sampler === "sobol")).toBe(true);
  const next = first.slice(0, 4).map(({ number: ended, params }) => {
    tell(ended, { values: [bowl(params)] });
    return ask().sampler;
  });
  expect(next).toEqual(["sobol", "sobol", "gp", "gp"]);
});

test("judges choices optimistically and numbers by expected improvement", () => {
  const reasonsOf = (parameters: readonly Parameter[]): readonly string[] => {
    const { run, space } = createStudy(parameters);
    const asked = run(14, (params) => ({
      values: [space.toPoint(params).reduce((sum, unit) => sum + unit, 0)],
    }));
    return asked.filter(({ sampler }) => sampler === "gp").map(({ reason }) => reason);
  };
  const isOptimistic = (reason: string): boolean => reason.startsWith("most promising when judged optim");
  expect(reasonsOf(["a", "b", "c"].map((name) => choice(name, "p", "q", "r"))).every(isOptimistic)).toBe(
    true,
  );
  expect(reasonsOf([real("x"), real("y")]).some(isOptimistic)).toBe(false);
});

test("says what it expects in the objective's own units, whichever way is better", () => {
  for (const sign of [1, -1]) {
    const { run } = createStudy([real("x"), real("y")], {
      name: "value",
      goal: sign > 0 ? "minimize" : "maximize",
    });
    const value = (params: Params): number => sign * (1000 + 300 * bowl(params));
    const asked = run(30, (params) => ({ values: [value(params)] }));
    expect(asked.slice(0, 5).map(({ expected }) => expected)).toEqual(new Array(5).fill(undefined));
    const late = asked.slice(12);
    const errors = late.map(({ params, expected }) => Math.abs(expected!.means[0]! - value(params)));
    expect(
      errors.filter((error, i) => error < 3 * late[i]!.expected!.deviations[0]! + 1).length,
    ).toBeGreaterThan(13);
    // The values themselves lie within a range of thousands.
    expect(errors.toSorted((a, b) => a - b)[9]).toBeLessThan(100);
  }
});

test("finds the best choices among categoricals that interact with a number", () => {
  const { run } = createStudy([choice("a", "p", "q", "r", "s"), choice("b", "u", "v", "w"), real("x")]);
  const loss = ({ a, b, x }: Params): number =>
    (a === "r" ? 0 : 1) + (b === "v" ? 0 : 0.7) + (Number(x) - (a === "r" ? 1 : -1)) ** 2;
  const asked = run(40, (params) => ({ values: [loss(params)] }));
  expect(Math.min(...asked.map(({ params }) => loss(params)))).toBeLessThan(0.01);
});

test("points asked for while others run differ from them and from one another", () => {
  const { ask, run } = createStudy([real("x"), real("y")]);
  run(7, (params) => ({ values: [bowl(params)] }));
  const points = Array.from({ length: 8 }, () => ask().point);
  const gaps = points.flatMap((point, i) =>
    points.slice(0, i).map((other) => Math.hypot(point[0]! - other[0]!, point[1]! - other[1]!)),
  );
  expect(Math.min(...gaps)).toBeGreaterThan(1e-4);
  expect(Math.max(...gaps)).toBeGreaterThan(0.1);
});

test("learns where trials fail", () => {
  const { run } = createStudy([real("x"), real("y")]);
  const fails = (params: Params): boolean => number(params, "x") > 0.5;
  const asked = run(40, (params) => (fails(params) ? { outcome: "failed" } : { values: [bowl(params)] }));
  expect(asked.slice(20).filter(({ params }) => fails(params)).length).toBeLessThanOrEqual(7);
});

test("finds the best point within a constraint, from violations alone", () => {
  const { run } = createStudy([real("x"), real("y")]);
  // The constraint x + y ≤ −2 leaves an eighth of the square; the best of it lies on its edge.
  const violation = (params: Params): number => Math.max(0, number(params, "x") + number(params, "y") + 2);
  const asked = run(45, (params) => ({ values: [bowl(params)], violation: violation(params) }));
  const feasible = asked.filter(({ params }) => violation(params) === 0);
  // On x + y = −2 the bowl is least at (−1.0333…, −0.9666…), where it is 3.6450.
  expect(Math.min(...feasible.map(({ params }) => bowl(params)))).toBeLessThan(3.9);
});

/** What a worker tells who knows by how much the point exceeds each constraint. */
const bounded = (value: number, excesses: readonly number[]): Partial<Result> => ({
  values: [value],
  violation: excesses.reduce((sum, excess) => sum + Math.max(0, excess), 0),
  excesses,
});

test("converges on the edge of a constraint whose distance is told", () => {
  const { run } = createStudy([real("x"), real("y")], minimise, 5, 1);
  const excess = (params: Params): number => number(params, "x") + number(params, "y") + 2;
  const asked = run(30, (params) => bounded(bowl(params), [excess(params)]));
  const feasible = asked.filter(({ params }) => excess(params) <= 0);
  // As above; from violations alone a result within a twentieth of this takes half as many trials again.
  expect(Math.min(...feasible.map(({ params }) => bowl(params)))).toBeLessThan(3.6451);
});

test("converges on the face of a linear constraint, and never leaves it", () => {
  const terms = ["x", "y"].map((parameter) => ({ parameter, coefficient: 1 }));
  const { run } = createStudy([real("x"), real("y")], minimise, 5, 0, [{ terms, upper: -2 }]);
  const asked = run(20, (params) => ({ values: [bowl(params)] }));
  for (const { params } of asked) expect(number(params, "x") + number(params, "y")).toBeLessThanOrEqual(-2);
  expect(Math.min(...asked.map(({ params }) => bowl(params)))).toBeLessThan(3.6451);
});

test("keeps to ten constraints at once, two of which matter", () => {
  const { run } = createStudy([real("x"), real("y")], minimise, 5, 10);
  const excesses = (params: Params): number[] => {
    const [x, y] = [number(params, "x"), number(params, "y")];
    const slack = Array.from({ length: 8 }, (_, k) => Math.cos(x * k + y) - 1.5);
    return [...slack, 1000 * (x + 1), 1e-3 * (y + 1.5)]; // the best is at (−1, −1.5), in a twelfth of the space
  };
  const asked = run(40, (params) => bounded(bowl(params), excesses(params)));
  const feasible = asked.filter(({ params }) => excesses(params).every((excess) => excess <= 0));
  expect(Math.min(...feasible.map(({ params }) => bowl(params)))).toBeLessThan(5.32); // 5.31 there
});

test("takes distances that are infinite, missing or not numbers for what they are", () => {
  const { run } = createStudy([real("x"), real("y")], minimise, 5, 2);
  const asked = run(40, (params) => {
    const [x, y] = [number(params, "x"), number(params, "y")];
    if (x > 1.5) return { ...bounded(bowl(params), [Infinity, -Infinity]), violation: Infinity };
    if (y > 1.5) return { ...bounded(bowl(params), [NaN, y]), violation: Infinity };
    if (y > 1) return { outcome: "infeasible", values: [] };
    return bounded(bowl(params), [x, -Infinity]); // the best is at (0, −0.4), where the bowl is 0.49
  });
  const best = asked
    .filter(({ params }) => number(params, "x") <= 0 && number(params, "y") <= 1)
    .map(({ params }) => bowl(params));
  expect(Math.min(...best)).toBeLessThan(0.5);
});

test("never repeats a point of a finite space while others are left", () => {
  const { run, space } = createStudy([choice("a", "p", "q", "r"), choice("b", "u", "v", "w")]);
  const asked = run(9, ({ a }) => ({ values: [a === "q" ? 0 : 1] }));
  expect(new Set(asked.map(({ params }) => space.key(params))).size).toBe(9);
});

test("pruned trials count as bad, however good their last report looks", () => {
  const { run } = createStudy([real("x"), real("y")]);
  const isPruned = (params: Params): boolean => number(params, "x") > 1.5;
  const asked = run(40, (params) =>
    isPruned(params)
      ? { outcome: "pruned", values: [-1000], curve: { steps: [1], values: [-1000] } }
      : { values: [bowl(params)] },
  );
  expect(asked.slice(20).filter(({ params }) => isPruned(params)).length).toBeLessThanOrEqual(5);
});

test("beyond five hundred trials a model of the neighbourhood still improves on the best", () => {
  const { run, history, tell, ask, space } = createStudy([real("x"), real("y")]);
  const stream = createStream(1, "filling");
  for (let at = 0; at < 600; at++) {
    const params = space.toParams(Float64Array.of(stream.uniform(), stream.uniform()));
    history.addPending(at, params);
    tell(at, { values: [bowl(params)] });
  }
  expect(ask().sampler).toBe("gp");
  const asked = run(10, (params) => ({ values: [bowl(params)] }));
  expect(Math.min(...asked.map(({ params }) => bowl(params)))).toBeLessThan(1e-4);
});

test("refits are a function of the number of results: all at first, later at most a sixth of them apart", () => {
  for (let ended = 1; ended < 3000; ended++) {
    const stage = stageOf(ended);
    expect(stage).toBeLessThanOrEqual(ended);
    expect(stage).toBeGreaterThanOrEqual(stageOf(Math.max(1, ended - 1)));
    expect(ended - stage).toBeLessThanOrEqual(ended / 6);
    if (ended < 24) expect(stage).toBe(ended);
  }
});
