import { expect, test } from "vitest";
import { createHistory } from "../../history.ts";
import { createStream } from "../../numerics/stream.ts";
import type { Condition } from "../../space/parameter.ts";
import { createSpace } from "../../space/space.ts";
import { otherBranch } from "./branches.ts";
import { observe } from "./observations.ts";

const real = { kind: "real", low: 0, high: 1, log: false, step: undefined } as const;
const named = (name: string, condition?: Condition) => ({
  name,
  domain: real,
  condition,
  default: undefined,
});
const models = { kind: "categorical", choices: ["a", "b", "c"], ordered: false } as const;
const parameters = [
  { name: "model", domain: models, condition: undefined, default: undefined },
  named("x"),
  ...["a", "b", "c"].map((value) => named(`own_${value}`, { parent: "model", values: [value] })),
];

type Model = "a" | "b" | "c";

/** Trials of each model as they come, with their targets, and further ones that run. */
function study(
  trials: readonly (readonly [Model, number])[],
  space = createSpace(parameters),
  running: readonly Model[] = [],
) {
  const history = createHistory(space, [{ name: "loss", goal: "minimize" }]);
  [...trials.map(([model]) => model), ...running].forEach((model, number) => {
    history.addPending(number, { model, x: number / 20, [`own_${model}`]: 0.5 });
  });
  trials.forEach(([, target], number) => {
    const curve = { steps: [], values: [] };
    history.end(number, {
      outcome: "completed",
      values: [target],
      violation: 0,
      curve,
      revision: number + 1,
    });
  });
  const targets = Float64Array.from(trials, ([, target]) => target);
  const order = trials.map((_, i) => i).sort((a, b) => targets[a]! - targets[b]!);
  const observed = observe(history, trials.length);
  const pick = (share: number, draw: number, fixed?: Float64Array, left = Infinity) =>
    otherBranch({ space, history, observed, targets, order, fixed, share, left }, createStream(draw));
  return { pick, space };
}

const draws = Array.from({ length: 300 }, (_, i) => i);

test("another branch than the best trial's is searched in the share that is wanted", () => {
  const { pick } = study([
    ["a", -2],
    ["b", 0.5],
    ["a", 0],
    ["b", 1],
    ["c", 0.7],
  ]);
  const branches = draws.flatMap((draw) => pick(0.3, draw) ?? []);
  expect(branches.length / draws.length).toBeCloseTo(0.3, 1);
  // `b` is as good as `c` and has been tried twice as often.
  const tried = branches.map(({ members }) => members.join());
  expect(new Set(tried)).toEqual(new Set(["1,3", "4"]));
  expect(tried.filter((key) => key === "4").length).toBeGreaterThan(tried.length / 2);
});

test("a branch is left to the model once more trials than it has parameters have ended or run there", () => {
  const trials = [
    ["a", -2],
    ["b", 0.5],
    ["c", 1],
    ["c", 1.5],
    ["c", 2],
  ] as const;
  const triedBy = (running: readonly Model[]) => {
    const { pick } = study(trials, undefined, running);
    return new Set(draws.map((draw) => pick(1, draw)?.members.join()));
  };
  expect(triedBy([])).toEqual(new Set(["1", "2,3,4"]));
  expect(triedBy(["a", "c"])).toEqual(new Set(["1"]));
  expect(triedBy(["c", "b", "b", "b"])).toEqual(new Set([undefined]));
});

test("a point is kept in the branch by its parents alone, and what a caller fixed stays", () => {
  const { pick, space } = study([
    ["a", -2],
    ["b", 0.5],
  ]);
  const free = pick(1, 1)!.fixed;
  expect(space.toParams(free)).toEqual({ model: "b" });
  const fixed = space.toPoint({ x: 0.25 });
  expect(space.toParams(pick(1, 1, fixed)!.fixed)).toEqual({ model: "b", x: 0.25 });
});

test("there is no other branch without conditions, or while all trials are in one", () => {
  const plain = createSpace(parameters.filter(({ condition }) => condition === undefined));
  const trials = [
    ["a", -1],
    ["b", 1],
  ] as const;
  expect(draws.every((draw) => study(trials, plain).pick(1, draw) === undefined)).toBe(true);
  expect(study([["a", 0]]).pick(1, 1)).toBeUndefined();
});

test("once the best branch has gained nothing of note for long, the others get most of the turns, up to as many trials", () => {
  const known = [
    ["b", 4],
    ["b", 5],
    ["b", 6],
    ["b", 5],
    ["a", 3],
    ["a", 4],
    ["a", 3],
    ["a", 5],
    ["a", 2],
    ["a", 1],
  ] as const;
  const refining = (count: number) =>
    Array.from({ length: count }, (_, i) => ["a", 0.99 - 1e-3 * i] as const);
  const gaining = (count: number) => Array.from({ length: count }, (_, i) => ["a", 0.5 - 0.5 * i] as const);
  const turns = (trials: readonly (readonly [Model, number])[], running: readonly Model[] = []) => {
    const { pick } = study(trials, undefined, running);
    return draws.flatMap((draw) => pick(0.2, draw) ?? []);
  };
  const idle = turns([...known, ...refining(8)]);
  expect(idle.length / draws.length).toBeCloseTo(2 / 3, 1);
  expect(idle[0]).toMatchObject({ members: [0, 1, 3, 2], isKnown: true, idle: 8 });
  expect(turns([...known, ...gaining(8)])).toEqual([]);
  expect(turns([...known, ...refining(6)])).toEqual([]);
  // Two trials beyond the patience of six allow another branch six in all, of which four have ended.
  expect(turns([...known, ...refining(8)], ["b", "b"])).toEqual([]);
});

test("a branch gets no more turns when the budget ends before it can catch up", () => {
  const best = [4, 5, 4, 6, 3, ...Array.from({ length: 12 }, () => 1)].map(
    (target) => ["a", target] as const,
  );
  const turnsOf = (others: readonly number[], left: number) => {
    const { pick } = study([...others.map((target) => ["b", target] as const), ...best]);
    return draws.filter((draw) => pick(0, draw, undefined, left) !== undefined).length;
  };
  const stuck = [4, 5, 5, 6];
  expect(turnsOf(stuck, 25)).toBe(0);
  expect(turnsOf(stuck, Infinity)).toBeGreaterThan(150);
  // By one in two trials: six further ones, two thirds of what is left, make three.
  const falling = [6, 5, 5, 4];
  expect(turnsOf(falling, 8)).toBe(0);
  expect(turnsOf(falling, 10)).toBeGreaterThan(150);
});
