import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toJsonString } from "@bufbuild/protobuf";
import { ExportStudyResponseSchema, StudyService } from "@asktell/proto/asktell/v1/study_service_pb";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AskJson, Refusal } from "../chaos/api.ts";
import { runProgram } from "../support/program.ts";
import { type Json, startMs, useReplicas } from "./replica-set.ts";

/*
 * A study may begin from earlier ones: it keeps a copy of what they knew, so that its suggestions follow from the study alone, whatever
 * becomes of the others.
 */

const set = useReplicas(2);
const patient = { timeout: startMs };
const full = (study: string) => `projects/default/studies/${study}`;

const lr = { name: "lr", real: { low: 1e-5, high: 0.1, log: true } };
const layers = { name: "layers", integer: { low: 1, high: 1_000 } };
const act = { name: "act", categorical: { choices: ["relu", "tanh"] } };
const loss = (rate: unknown): number => (Math.log10(Number(rate)) + 3) ** 2;

interface StudyJson {
  readonly study: { readonly name: string; readonly sources: readonly Json[] };
  readonly created: boolean;
}

const create = (studyId: string, study: object, more: object = {}) =>
  set.call<StudyJson>(0, "StudyService/CreateStudy", {
    studyId,
    study: { parameters: [lr, layers], ...study },
    ...more,
  });

/** What a creation is refused with. */
async function refusal(study: object, more: object = {}): Promise<Refusal> {
  const error: unknown = await create("refused", study, more).catch((caught: unknown) => caught);
  if (error instanceof Refusal) return error;
  throw new Error("the study was created", { cause: error });
}

/** A finished study with results on a line of learning rates; the value wanted is negated if it is to be maximised. */
async function createEarlier(fields: object = {}, sign = 1, count = 40): Promise<string> {
  const study = await set.createStudy(fields);
  const trials = Array.from({ length: count }, (_, i) => {
    const rate = 10 ** (-5 + (4 * (i + 0.5)) / count);
    return { params: { lr: rate, layers: 1 + ((20 * i) % 1_000) }, values: [sign * loss(rate)] };
  });
  await set.call(0, "TrialService/ImportTrials", { study, trials });
  return study;
}

/** Asks for trials one after the other, from both replicas in turn, and tells the loss of each. */
async function run(study: string, count: number): Promise<AskJson["trials"][number][]> {
  const all: AskJson["trials"][number][] = [];
  for (let i = 0; i < count; i++) {
    const { trials } = await set.call<AskJson>(i % 2, "TrialService/AskTrials", { study });
    for (const trial of trials) {
      all.push(trial);
      const { name, leaseToken, params } = trial;
      await set.call(i % 2, "TrialService/TellTrial", {
        trial: name,
        leaseToken,
        values: [loss(params["lr"])],
      });
    }
  }
  return all;
}

let directory = "";
beforeAll(async () => void (directory = await mkdtemp(join(tmpdir(), "asktell-warm-start-"))));
afterAll(() => rm(directory, { recursive: true, force: true }));

async function exportStudy(study: string): Promise<string> {
  const client = createClient(StudyService, createGrpcTransport({ baseUrl: set.replicas[0]?.url ?? "" }));
  const lines: string[] = [];
  for await (const message of client.exportStudy(
    { study },
    { headers: { authorization: `Bearer ${set.token}` } },
  ))
    lines.push(toJsonString(ExportStudyResponseSchema, message));
  const file = join(directory, `${study}.jsonl`);
  await writeFile(file, lines.join("\n"));
  return file;
}

test(
  "a study begins where an earlier one was good, says so, and can be replayed after that one is gone",
  patient,
  async () => {
    const earlier = await createEarlier();
    const { study } = await create("later", { sources: [{ study: earlier }], seed: 1 });
    expect(study.sources).toEqual([
      { study: full(earlier), trials: 40, revision: expect.any(String) as string },
    ]);
    const before = await run("later", 4);
    expect(before[0]?.suggestion).toMatchObject({ sampler: "warm-start" });
    expect(before[0]?.suggestion?.reason).toContain(`the earlier study ${full(earlier)}: its trial`);
    expect(loss(before[0]?.params["lr"])).toBeLessThan(0.01);

    await set.call(1, "StudyService/DeleteStudy", { study: earlier, force: true });
    const after = await run("later", 8);
    expect(after.map(({ suggestion }) => suggestion?.reason)).toEqual(
      expect.arrayContaining([
        expect.stringContaining(`beginning from the earlier studies ${full(earlier)} (100 %)`),
      ]),
    );
    const { stdout, code } = await runProgram(["study", "replay", await exportStudy("later")]);
    expect({ stdout, code }).toEqual({
      stdout: "12 trials: 12 suggestions are the same, 0 differ, 0 points were given\n",
      code: 0,
    });
  },
);

test("what the earlier studies knew is part of what a replay follows from", patient, async () => {
  const earlier = await createEarlier();
  await create("forged", { sources: [{ study: earlier }], seed: 2 });
  await run("forged", 3);
  const file = await exportStudy("forged");
  const text = await readFile(file, "utf8");
  await writeFile(
    file,
    text
      .split("\n")
      .filter((line) => !line.startsWith('{"source"'))
      .join("\n"),
  );
  const { stdout, code } = await runProgram(["study", "replay", file]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^3 trials: .* [1-9] differ/);
});

test(
  "a study that is maximised, has several objectives or other domains is understood",
  patient,
  async () => {
    const accuracy = await createEarlier({ objectives: [{ name: "accuracy", goal: "GOAL_MAXIMIZE" }] }, -1);
    const narrow = { name: "lr", real: { low: 1e-4, high: 1e-2, log: true } };
    const { study } = await create("narrow", { parameters: [narrow, act], sources: [{ study: accuracy }] });
    // Half of the rates, evenly spread by their logarithms, lie within the narrower domain.
    expect(study.sources).toMatchObject([{ trials: 20 }]);
    const [first] = await run("narrow", 1);
    expect(loss(first?.params["lr"])).toBeLessThan(0.01);

    const two = await set.createStudy({ objectives: [{ name: "size" }, { name: "value" }] });
    const params = { lr: 0.02, layers: 2 };
    await set.call(0, "TrialService/ImportTrials", { study: two, trials: [{ params, values: [5, 1] }] });
    await create("of-two", { sources: [{ study: two }] });
    const [trial] = await run("of-two", 1);
    expect(Number(trial?.params["lr"])).toBeCloseTo(params.lr, 12);
    expect(trial?.params["layers"]).toBe(params.layers);
  },
);

test("of a large study the best trials and some of all the others are taken over", patient, async () => {
  const large = await createEarlier({}, 1, 1_000);
  const { study } = await create("from-large", { sources: [{ study: large }] });
  expect(study.sources).toMatchObject([{ trials: 100 }]);
  const { rows } = await set.pool.query<{ losses: number[] }>(
    `select array(select (x->>'loss')::float8 from jsonb_array_elements(trials) x) as losses
     from study_source s join study d on d.id = s.study_id where d.name = 'from-large'`,
  );
  const losses = rows[0]?.losses ?? [];
  expect(losses).toEqual(losses.toSorted((a, b) => a - b));
  expect(losses[49]).toBeLessThan(0.05);
  expect(losses[99]).toBeGreaterThan(3.5);
});

test(
  "who asks again for the study that exists gets it, whether its sources are still there or not named",
  patient,
  async () => {
    const earlier = await createEarlier();
    const wanted = { sources: [{ study: earlier }] };
    await create("shared", wanted);
    await set.call(0, "StudyService/DeleteStudy", { study: earlier, force: true });
    const existing = { allowExisting: true };
    for (const study of [wanted, {}, { sources: [{ study: full(earlier) }] }]) {
      expect(await create("shared", study, existing)).toMatchObject({
        created: false,
        study: { sources: [{ trials: 40 }] },
      });
    }
    const other = await create("shared", { sources: [{ study: "another" }] }, existing).catch(
      (error: unknown) => error,
    );
    expect(other).toMatchObject({
      reason: "SPACE_MISMATCH",
      message: expect.stringContaining("differs in sources") as string,
    });
  },
);

test("changing a study leaves its sources as they are, and they cannot be changed", patient, async () => {
  await create("changed", { sources: [{ study: await createEarlier() }] });
  const update = (study: object, updateMask: string) =>
    set.call<StudyJson>(0, "StudyService/UpdateStudy", { study: { name: "changed", ...study }, updateMask });
  expect((await update({ maxTrials: 50 }, "maxTrials")).study.sources).toMatchObject([{ trials: 40 }]);
  await expect(update({ sources: [] }, "sources")).rejects.toMatchObject({ reason: "INVALID_REQUEST" });
  expect(await run("changed", 2)).toMatchObject([{ suggestion: { sampler: "warm-start" } }, {}]);
});

test("deleting a study deletes what it took over", patient, async () => {
  const count = async () =>
    (await set.pool.query<{ n: number }>("select count(*)::int as n from study_source")).rows[0]?.n;
  const before = await count();
  await create("deleted", { sources: [{ study: await createEarlier() }] });
  expect(await count()).toBe(Number(before) + 1);
  await set.call(0, "StudyService/DeleteStudy", { study: "deleted", force: true });
  expect(await count()).toBe(before);
});

test("sources that are of no use are refused by name, and nothing is created", patient, async () => {
  const good = await createEarlier();
  const empty = await set.createStudy();
  const foreign = await set.createStudy({
    parameters: [{ name: "lr", categorical: { choices: [1, 2] } }, act],
  });
  const two = await set.createStudy({ objectives: [{ name: "a" }, { name: "b" }] });
  const source = (study: string) => ({ sources: [{ study }] });
  const nine = Array.from({ length: 9 }, (_, i) => ({ study: `study-${i}` }));
  const apart = { parameters: [{ name: "lr", real: { low: 1, high: 2 } }], ...source(good) };
  const cases: [object, string, RegExp][] = [
    [source("nowhere"), "STUDY_NOT_FOUND", /study\.sources\[0\]\.study: there is no study "nowhere"/],
    [
      source("projects/elsewhere/studies/x"),
      "STUDY_NOT_FOUND",
      /study\.sources\[0\]\.study: .*no project "elsewhere"/,
    ],
    [source("a/b/c"), "INVALID_REQUEST", /"a\/b\/c" is no study/],
    [source(""), "INVALID_REQUEST", /study\.sources\[0\]\.study/],
    [{ sources: nine }, "INVALID_REQUEST", /study\.sources.*8/],
    [
      { sources: [{ study: good }, { study: full(good) }] },
      "INVALID_REQUEST",
      /sources\[1\]\.study.*named twice/,
    ],
    [source(empty), "INVALID_REQUEST", /has no completed trial to learn from/],
    [source(foreign), "INVALID_REQUEST", /has no parameter in common .* lr, act/],
    [source(two), "INVALID_REQUEST", /has no objective value, only a, b/],
    [apart, "INVALID_REQUEST", /no completed trial whose values this study's parameters allow/],
    [
      { sampler: { random: {} }, ...source(good) },
      "INVALID_REQUEST",
      /no use to the sampler random: expected one of auto, gp, tpe/,
    ],
    [
      { objectives: [{ name: "a" }, { name: "b" }], ...source(good) },
      "INVALID_REQUEST",
      /need a single objective/,
    ],
  ];
  for (const [study, reason, message] of cases) {
    const error = await refusal(study);
    expect([error.reason, error.message]).toEqual([reason, expect.stringMatching(message)]);
  }
  expect((await refusal(source(empty), { validateOnly: true })).reason).toBe("INVALID_REQUEST");
  await expect(set.call(0, "StudyService/GetStudy", { study: "refused" })).rejects.toMatchObject({
    reason: "STUDY_NOT_FOUND",
  });
});
