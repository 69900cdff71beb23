import { fc } from "../../../../test/support/fast-check.ts";
import { describe, expect, test } from "vitest";
import { arbitraryParameters } from "../../../../test/support/arbitrary-space.ts";
import { createHistory, type History, type Objective, type Result } from "../history.ts";
import { createStream, type Stream } from "../numerics/stream.ts";
import { normalizeParameters } from "../space/check-space.ts";
import type { Source } from "../sources.ts";
import type { Params } from "../space/parameter.ts";
import { createSpace, type Space } from "../space/space.ts";
import { createSampler, type SamplerSpec, warmStartingKinds } from "./index.ts";
import { suggest } from "../suggest.ts";
import { drawUniform } from "./random.ts";
import type { Point, Sampler } from "./sampler.ts";

/** Every sampler, with settings that make its model work from few trials on. */
const specs: readonly SamplerSpec[] = [
  { kind: "auto" },
  { kind: "random" },
  { kind: "grid", resolution: 4 },
  { kind: "exhaustive" },
  { kind: "sobol" },
  { kind: "halton" },
  { kind: "gp", startupTrials: 3 },
  { kind: "gp-ucb-pe" },
  { kind: "tpe", startupTrials: 3, candidates: 6 },
  { kind: "tpe", startupTrials: 3, candidates: 6, perParameter: true },
  { kind: "cma-es", populationSize: 4 },
  { kind: "cma-es", populationSize: 5, separable: true, restarts: false },
  { kind: "nsga2", populationSize: 6 },
  { kind: "nsga3", populationSize: 6 },
];
const one: readonly Objective[] = [{ name: "loss", goal: "minimize" }];
const two: readonly Objective[] = [...one, { name: "accuracy", goal: "maximize" }];

/** Studies here go on beyond the end of their budget. */
const BUDGET = 30;

/** What happened to a study: enough to build its history again. */
interface Event {
  params: Params;
  result: Result | undefined;
}

const odd = [NaN, Infinity, -Infinity, 1e308, -1e308, 0];

/** Some result, of any outcome, now and then with numbers that are none. */
function someResult(stream: Stream, objectives: readonly Objective[], revision: number): Result {
  const outcomes = ["completed", "completed", "completed", "pruned", "failed", "infeasible"] as const;
  const outcome = outcomes[stream.integer(outcomes.length)]!;
  const value = (): number => (stream.uniform() < 0.1 ? odd[stream.integer(odd.length)]! : stream.normal());
  const steps = Array.from({ length: stream.integer(4) }, (_, step) => step);
  const values = outcome === "failed" || stream.uniform() < 0.05 ? [] : objectives.map(value);
  const violation = outcome === "infeasible" ? stream.uniform() : 0;
  return { outcome, values, violation, curve: { steps, values: steps.map(value) }, revision };
}

/** A study in which trials are handed out, end in any order, and are sometimes lost to a race or given another point. */
function createStudy(space: Space, objectives: readonly Objective[], seed: number) {
  const history = createHistory(space, objectives);
  const stream = createStream(seed, "study");
  const events: Event[] = [];
  let revision = 0;
  const step = (params?: Params): void => {
    const { pending } = history;
    const roll = stream.uniform();
    if (roll < 0.4 && pending.length > 0) {
      const number = pending[stream.integer(pending.length)]!;
      const result = someResult(stream, objectives, ++revision);
      events[number]!.result = result;
      history.end(number, result);
      return;
    }
    const newest = history.size - 1;
    if (roll < 0.45 && newest >= 0 && history.outcome(newest) === "pending") {
      history.dropPending(newest);
      events.pop();
      return;
    }
    if (roll < 0.5 && pending.length > 0) {
      const number = pending[stream.integer(pending.length)]!;
      const other = space.toParams(drawUniform(space, stream, undefined));
      events[number]!.params = other;
      history.movePending(number, space.toPoint(other));
      return;
    }
    const chosen = params ?? space.toParams(drawUniform(space, stream, undefined));
    history.addPending(history.size, chosen);
    events.push({ params: chosen, result: undefined });
  };
  /** The same trials in a history that never saw a race. */
  const rebuild = (): History => {
    const again = createHistory(space, objectives);
    events.forEach(({ params }, number) => again.addPending(number, params));
    const ended = [...events.entries()].flatMap(([number, { result }]) =>
      result ? [{ number, result }] : [],
    );
    ended.sort((a, b) => a.result.revision - b.result.revision);
    for (const { number, result } of ended) again.end(number, result);
    return again;
  };
  return { history, step, rebuild, stream };
}

const ask = (sampler: Sampler, history: History, seed: number, fixed?: Point) =>
  sampler.suggest({
    history,
    number: history.size,
    stream: createStream(seed, history.size),
    seed,
    fixed,
    budget: BUDGET,
  });

/** In the cube exactly where active, on the centres of grid cells, and what `fixed` says. */
function expectValid(space: Space, point: Point, fixed?: Point): void {
  expect(point).toHaveLength(space.dimensions.length);
  for (const { index, kind, cell, centre } of space.dimensions) {
    const unit = point[index]!;
    expect(Number.isNaN(unit)).toBe(!space.isActive(point, index));
    if (Number.isNaN(unit)) continue;
    expect(unit >= 0 && unit <= 1).toBe(true);
    if (kind !== "continuous") expect(unit).toBe(centre(cell(unit)));
    if (fixed !== undefined && !Number.isNaN(fixed[index]!)) expect(unit).toBe(fixed[index]);
  }
  expect(space.check(space.toParams(point))).toEqual([]);
}

const spaces = arbitraryParameters().map((parameters) => createSpace(normalizeParameters(parameters)));
const objectiveLists = fc.constantFrom(one, two);

/** Two earlier studies, of which one lacks some parameters and the other most. */
function someSources(space: Space): Source[] {
  const stream = createStream(1, "sources");
  return [2, 3].map((every) => ({
    name: `every ${every}`,
    trials: Array.from({ length: 15 }, (_, number) => {
      const entries = Object.entries(space.toParams(drawUniform(space, stream, undefined)));
      return {
        number,
        params: Object.fromEntries(entries.filter((_pair, at) => at % every === 0)),
        loss: number,
      };
    }),
  }));
}

const noSources = (): Source[] => [];
const cases = [
  ...specs.map((spec) => ({ name: `${spec.kind}`, spec, sourcesOf: noSources })),
  ...specs
    .filter(({ kind }) => warmStartingKinds.includes(kind))
    .map((spec) => ({ name: `${spec.kind}, from earlier studies`, spec, sourcesOf: someSources })),
];
const patient = { timeout: 600_000 };

describe.each(cases)("sampler $name", patient, ({ spec, sourcesOf }) => {
  const create = (space: Space, objectives: readonly Objective[]): Sampler =>
    createSampler(spec, space, objectives, sourcesOf(space));
  // Those that fit a Gaussian process for each objective and view take their time.
  const isSlow = spec.kind === "auto" || spec.kind === "gp";
  const runs = { numRuns: !isSlow ? 25 : sourcesOf === noSources ? 8 : 4 };
  test("suggests valid points whatever the space, the history and the results", () => {
    fc.assert(
      fc.property(spaces, objectiveLists, fc.nat(), (space, objectives, seed) => {
        const sampler = create(space, objectives);
        const { history, step } = createStudy(space, objectives, seed);
        for (let round = 0; round < 60; round++) {
          const { point, sampler: name, reason } = ask(sampler, history, seed);
          expectValid(space, point);
          expect(name).not.toBe("");
          expect(reason).not.toBe("");
          step(space.toParams(point));
        }
      }),
      runs,
    );
  });

  test("keeps fixed coordinates", () => {
    fc.assert(
      fc.property(spaces, fc.nat(), fc.nat(), (space, seed, mask) => {
        const sampler = create(space, one);
        const { history, step, stream } = createStudy(space, one, seed);
        for (let round = 0; round < 40; round++) {
          // A point's own coordinates with their parents: what they need to be active is fixed too.
          const whole = drawUniform(space, stream, undefined);
          const fixed = new Float64Array(whole.length).fill(NaN);
          for (const index of space.order) {
            const { parent } = space.dimensions[index]!;
            const isReachable = parent < 0 || !Number.isNaN(fixed[parent]!);
            if (isReachable && (mask >> index) & 1) fixed[index] = whole[index]!;
          }
          expectValid(space, ask(sampler, history, seed, fixed).point, fixed);
          step();
        }
      }),
      runs,
    );
  });

  test("an instance that followed the study and a fresh one suggest the same point, bit for bit", () => {
    fc.assert(
      fc.property(spaces, objectiveLists, fc.nat(), (space, objectives, seed) => {
        const follower = create(space, objectives);
        const { history, step, rebuild } = createStudy(space, objectives, seed);
        for (let round = 0; round < 120; round++) {
          step();
          if (round % 4 !== 0) continue;
          const followed = ask(follower, history, seed);
          expect(ask(create(space, objectives), history, seed)).toEqual(followed);
          expect(ask(create(space, objectives), rebuild(), seed)).toEqual(followed);
        }
      }),
      runs,
    );
  });

  test("asking changes nothing: asked twice it answers the same", () => {
    fc.assert(
      fc.property(spaces, fc.nat(), (space, seed) => {
        const sampler = create(space, one);
        const { history, step } = createStudy(space, one, seed);
        for (let round = 0; round < 50; round++) step();
        expect(ask(sampler, history, seed)).toEqual(ask(sampler, history, seed));
        expect(ask(sampler, history, seed).point).not.toBe(ask(sampler, history, seed).point);
      }),
      runs,
    );
  });

  test("does not hand out what is running: asks without an answer between them get different points", () => {
    const domain = { kind: "real", low: 0, high: 1, log: false, step: undefined } as const;
    const rest = { condition: undefined, default: undefined };
    const cells = { kind: "integer", low: 0, high: 6, log: false, step: 1 } as const;
    const plane = createSpace(["x", "y"].map((name) => ({ name, domain, ...rest })));
    const board = createSpace(["i", "j"].map((name) => ({ name, domain: cells, ...rest })));
    for (const space of [plane, board]) {
      const sampler = createSampler(spec, space, one);
      const history = createHistory(space, one);
      for (let number = 0; number < 20; number++) {
        const point = drawUniform(space, createStream(6, number), undefined);
        history.addPending(number, space.toParams(point));
        const values = [point.reduce((sum, unit) => sum + (unit - 0.4) ** 2, 0)];
        const curve = { steps: [], values: [] };
        history.end(number, { outcome: "completed", values, violation: 0, curve, revision: number + 1 });
      }
      const handedOut = new Set<string>();
      for (let worker = 0; worker < 16; worker++) {
        const number = history.size;
        const suggested = suggest({ space, sampler, history, number, seed: 4, replicates: 1 });
        if (suggested === "exhausted") throw new Error("29 points are left at least");
        expectValid(space, space.toPoint(suggested.params));
        handedOut.add(space.key(suggested.params));
        history.addPending(number, suggested.params);
      }
      expect(handedOut.size).toBe(16);
    }
  });

  test("copes with no results that are numbers at all", () => {
    const space = createSpace(
      fc
        .sample(arbitraryParameters(), { numRuns: 1, seed: 5 })
        .flatMap((parameters) => normalizeParameters(parameters)),
    );
    const sampler = create(space, one);
    const history = createHistory(space, one);
    for (let number = 0; number < 40; number++) {
      const { point } = ask(sampler, history, 1);
      expectValid(space, point);
      history.addPending(number, space.toParams(point));
      const outcome = number % 2 === 0 ? "completed" : "failed";
      const curve = { steps: [], values: [] };
      history.end(number, { outcome, values: [NaN], violation: NaN, curve, revision: number + 1 });
    }
  });

  test("keeps linear constraints, whatever is fixed", () => {
    const rest = { condition: undefined, default: undefined };
    const share = { kind: "real", low: 0, high: 1, log: false, step: undefined } as const;
    const rate = { kind: "real", low: 1e-6, high: 1, log: true, step: undefined } as const;
    const units = { kind: "integer", low: 0, high: 96, log: false, step: 8 } as const;
    const kinds = { kind: "categorical", choices: ["a", "b"], ordered: false } as const;
    const space = createSpace(
      [
        { name: "kind", domain: kinds, ...rest },
        { name: "a", domain: share, ...rest },
        { name: "b", domain: share, ...rest },
        { name: "wide", domain: units, ...rest },
        { name: "deep", domain: units, ...rest },
        { name: "rate", domain: rate, ...rest },
        { name: "decay", domain: rate, ...rest, condition: { parent: "kind", values: ["b"] } },
        { name: "more", domain: share, ...rest, condition: { parent: "deep", values: [8, 16] } },
      ],
      [
        {
          terms: [
            { parameter: "a", coefficient: 1 },
            { parameter: "b", coefficient: 1 },
          ],
          upper: 0.2,
        },
        {
          terms: [
            { parameter: "wide", coefficient: 1 },
            { parameter: "deep", coefficient: 2 },
          ],
          upper: 50,
        },
        {
          terms: [
            { parameter: "wide", coefficient: -1 },
            { parameter: "rate", coefficient: 800 },
          ],
          upper: 0,
        },
      ],
    );
    const sampler = createSampler(spec, space, one);
    const { history, step, stream } = createStudy(space, one, 11);
    for (let round = 0; round < 60; round++) {
      const known = drawUniform(space, stream, undefined);
      const fixed = known.map((unit, index) => (round % 3 === 0 && [1, 4].includes(index) ? unit : NaN));
      const { point } = ask(sampler, history, 2, round % 3 === 0 ? fixed : undefined);
      expectValid(space, point, fixed);
      expect(space.linear.keeps(point)).toBe(true);
      expect(
        ask(createSampler(spec, space, one), history, 2, round % 3 === 0 ? fixed : undefined).point,
      ).toEqual(point);
      step(space.toParams(point));
    }
  });

  test("works from 0 to 10,000 trials of a mixed and conditional space", () => {
    const real = { kind: "real", low: 1e-5, high: 1, log: true, step: undefined } as const;
    const kinds = { kind: "categorical", choices: ["a", "b", "c"], ordered: false } as const;
    const depth = { kind: "integer", low: 1, high: 12, log: false, step: 1 } as const;
    const rest = { condition: undefined, default: undefined };
    const space = createSpace([
      { name: "rate", domain: real, ...rest },
      { name: "kind", domain: kinds, ...rest },
      { name: "depth", domain: depth, ...rest, condition: { parent: "kind", values: ["a", "b"] } },
      { name: "decay", domain: real, ...rest, condition: { parent: "depth", values: [3, 4, 5] } },
    ]);
    const follower = create(space, one);
    const { history, step } = createStudy(space, one, 3);
    for (let target = 0; target <= 10_000; target = Math.max(1, target * 10)) {
      while (history.size < target) step();
      const { point } = ask(follower, history, 9);
      expectValid(space, point);
      expect(ask(create(space, one), history, 9).point).toEqual(point);
    }
    expect(history.size).toBe(10_000);
  });
});
