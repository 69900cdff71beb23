import { afterEach, expect, test } from "vitest";
import { type History, createHistory } from "../../optimizer/history.ts";
import { createStream } from "../../optimizer/numerics/stream.ts";
import { type SamplerSpec, createSampler } from "../../optimizer/samplers/index.ts";
import { drawUniform } from "../../optimizer/samplers/random.ts";
import type { Source } from "../../optimizer/sources.ts";
import type { Parameter } from "../../optimizer/space/parameter.ts";
import { createSpace } from "../../optimizer/space/space.ts";
import { suggest } from "../../optimizer/suggest.ts";
import { type Heavy, createHeavy } from "./heavy.ts";
import { type Mirrored, createThread } from "./thread.ts";

const objectives = [{ name: "loss", goal: "minimize" }] as const;
const rest = { condition: undefined, default: undefined };
const parameters: readonly Parameter[] = [
  { name: "rate", domain: { kind: "real", low: 1e-5, high: 1, log: true, step: undefined }, ...rest },
  { name: "kind", domain: { kind: "categorical", choices: ["a", 2, true], ordered: false }, ...rest },
  {
    name: "depth",
    domain: { kind: "integer", low: 1, high: 12, log: false, step: 1 },
    ...rest,
    condition: { parent: "kind", values: ["a", true] },
  },
  { name: "decay", domain: { kind: "real", low: 0, high: 1, log: false, step: undefined }, ...rest },
];

/** Every sampler whose suggestions are made by worker threads. */
const heavySamplers: readonly SamplerSpec[] = [{ kind: "gp" }, { kind: "gp-ucb-pe" }, { kind: "auto" }];

function createSubject(sampler: SamplerSpec, sources: readonly Source[] = []): Mirrored {
  const space = createSpace(parameters);
  return {
    space,
    spec: { sampler },
    sources,
    history: createHistory(space, objectives),
    sampler: createSampler(sampler, space, objectives, sources),
  };
}

/** What two earlier studies found; one of them had less to vary. */
const sources: readonly Source[] = [["rate", "decay"], ["decay"]].map((names, at) => ({
  name: `projects/p/studies/${at}`,
  trials: Array.from({ length: 30 }, (_, number) => {
    const stream = createStream(at, "source", number);
    const params = Object.fromEntries(names.map((name) => [name, 10 ** (-4 * stream.uniform())]));
    return { number, params, loss: number };
  }),
}));

/** Some trials more, most of which end, some of them badly or pruned. */
function advance(history: History, trials: number): void {
  for (let i = 0; i < trials; i++) {
    const stream = createStream(7, history.size);
    const number = history.size;
    history.addPending(number, history.space.toParams(drawUniform(history.space, stream, undefined)));
    const outcome = (["completed", "completed", "pruned", "failed", undefined] as const)[stream.integer(5)];
    if (outcome === undefined) continue;
    const values = outcome === "failed" ? [] : history.objectives.map(() => stream.normal());
    const curve = { steps: [1, 2], values: [stream.normal(), stream.normal()] };
    history.end(number, { outcome, values, violation: 0, curve, revision: number + 1 });
  }
}

const optionsFor = ({ history }: Mirrored) => ({ number: history.size, seed: 11, fixed: {}, replicates: 1 });

/** On this thread, with nothing kept from before. */
function inline(subject: Mirrored) {
  const { space, history, spec } = subject;
  return suggest({
    space,
    history,
    sampler: createSampler(spec.sampler, space, objectives, subject.sources),
    ...optionsFor(subject),
  });
}

const warnings: string[] = [];
const log = { info: () => {}, warn: (_: unknown, message: string) => void warnings.push(message) };
const bytes = 2 ** 24;
let heavy: Heavy | undefined;
afterEach(async () => {
  await heavy?.stop();
  warnings.length = 0;
});

test.each(heavySamplers)(
  "threads suggest what $kind suggests in line, bit for bit, as studies go on",
  async (spec) => {
    heavy = createHeavy({ log, threads: [createThread(bytes), createThread(bytes)] });
    const subjects = [createSubject(spec), createSubject(spec, sources), createSubject(spec)];
    for (let round = 0; round < 8; round++) {
      for (const [at, { history }] of subjects.entries()) {
        advance(history, 6 + at);
        // The newest trials are sometimes lost to another replica.
        const newest = history.size - 1;
        if (history.outcome(newest) === "pending") history.dropPending(newest);
      }
      const suggested = await Promise.all(
        subjects.map((subject) => heavy!.run(subject, "suggest", optionsFor(subject))),
      );
      expect(suggested).toEqual(subjects.map(inline));
    }
    for (const { sampler, history } of subjects) expect(sampler.isHeavy?.(history, history.size)).toBe(true);
  },
);

test("threads suggest the same for two objectives, too", async () => {
  heavy = createHeavy({ log, threads: [createThread(bytes)] });
  const two = [...objectives, { name: "accuracy", goal: "maximize" }] as const;
  const space = createSpace(parameters);
  const history = createHistory(space, two);
  const spec = { sampler: { kind: "auto" } } as const;
  const subject = { space, history, spec, sources: [], sampler: createSampler(spec.sampler, space, two) };
  for (let round = 0; round < 3; round++) {
    advance(history, 12);
    const fresh = createSampler(spec.sampler, space, two);
    const expected = suggest({ space, history, sampler: fresh, ...optionsFor(subject) });
    expect(await heavy.run(subject, "suggest", optionsFor(subject))).toEqual(expected);
  }
  expect(subject.sampler.isHeavy?.(history, history.size)).toBe(true);
});

test("a thread that must forget studies for want of memory is sent them again", async () => {
  heavy = createHeavy({ log, threads: [createThread(1)] });
  const subjects = [createSubject({ kind: "gp" }), createSubject({ kind: "gp" })];
  for (let round = 0; round < 4; round++) {
    for (const subject of subjects) {
      advance(subject.history, 10);
      expect(await heavy.run(subject, "suggest", optionsFor(subject))).toEqual(inline(subject));
    }
  }
});

test("a thread that dies in the middle loses nothing: its task is done again", async () => {
  const thread = createThread(bytes);
  heavy = createHeavy({ log, threads: [thread] });
  const subject = createSubject({ kind: "gp" });
  advance(subject.history, 100);
  const expected = inline(subject);
  const waiting = Array.from({ length: 4 }, () => heavy!.run(subject, "suggest", optionsFor(subject)));
  await thread.stop();
  expect(await Promise.all(waiting)).toEqual([expected, expected, expected, expected]);
  expect(warnings).toEqual(["a worker thread died: its task is done again"]);
});

test("a task whose threads keep dying is done without them", async () => {
  const thread = createThread(bytes);
  heavy = createHeavy({ log, threads: [thread] });
  const subject = createSubject({ kind: "gp" });
  advance(subject.history, 200);
  const running = heavy.run(subject, "suggest", optionsFor(subject));
  await thread.stop();
  await new Promise((resolve) => setImmediate(resolve));
  await thread.stop();
  expect(await running).toEqual(inline(subject));
  expect(warnings).toHaveLength(2);
});

test("a task that fails fails for its caller alone", async () => {
  heavy = createHeavy({ log, threads: [createThread(bytes)] });
  const subject = createSubject({ kind: "gp" });
  advance(subject.history, 20);
  const broken = { ...optionsFor(subject), fixed: { nonsense: Symbol("x") as never } };
  await expect(heavy.run(subject, "suggest", broken)).rejects.toThrow("could not be cloned");
  const unknown = { ...createSubject({ kind: "gp" }), spec: { sampler: { kind: "unknown" } as never } };
  await expect(heavy.run(unknown, "suggest", optionsFor(unknown))).rejects.toThrow(TypeError);
  expect(await heavy.run(subject, "suggest", optionsFor(subject))).toEqual(inline(subject));
});

test("speculations wait for what is needed, and are left out when nobody wants them any more", async () => {
  heavy = createHeavy({ log, threads: [createThread(bytes)] });
  const subject = createSubject({ kind: "gp" });
  advance(subject.history, 100);
  const expected = inline(subject);
  const order: string[] = [];
  const note = (name: string) => () => void order.push(name);
  const first = heavy.run(subject, "suggest", optionsFor(subject)).then(note("first"));
  const wanted = heavy.speculate(subject, "suggest", optionsFor(subject), () => true);
  const unwanted = heavy.speculate(subject, "suggest", optionsFor(subject), () => false);
  const second = heavy.run(subject, "suggest", optionsFor(subject)).then(note("second"));
  expect(wanted.hasBegun).toBe(false);
  await Promise.all([
    first,
    second,
    wanted.result.then(note("wanted")),
    unwanted.result.then(note("unwanted")),
  ]);
  expect(order.slice(0, 2)).toEqual(["first", "second"]);
  expect(await wanted.result).toEqual(expected);
  expect(await unwanted.result).toBeUndefined();
  expect([wanted.hasBegun, unwanted.hasBegun]).toEqual([true, false]);
});

test("whoever waits when the server goes down is told to try again", async () => {
  heavy = createHeavy({ log, threads: [createThread(bytes)] });
  const subject = createSubject({ kind: "gp" });
  advance(subject.history, 100);
  const waiting = Array.from({ length: 2 }, () => heavy!.run(subject, "suggest", optionsFor(subject)));
  const answers = Promise.allSettled(waiting);
  await heavy.stop();
  const refused = {
    status: "rejected",
    reason: expect.objectContaining({ reason: "OVERLOADED" }) as unknown,
  };
  expect(await answers).toEqual([refused, refused]);
  await expect(heavy.run(subject, "suggest", optionsFor(subject))).rejects.toThrow("going down");
});
