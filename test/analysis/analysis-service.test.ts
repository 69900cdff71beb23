import { toJson } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { HintKind, HintSeverity, ImportanceMethod } from "@asktell/proto/asktell/v1/analysis_service_pb";
import { TrialState } from "@asktell/proto/asktell/v1/trial_pb";
import { beforeAll, describe, expect, test } from "vitest";
import { useTestPostgres } from "../support/postgres.ts";
import { startTestServer } from "../support/server.ts";
import { useTestServer } from "../support/use-server.ts";
import { type Clients, clientsOf, createStudy } from "./studies.ts";

const database = useTestPostgres();
const server = useTestServer(() => startTestServer({ env: { DATABASE_URL: database.url } }));
let clients: Clients;
let study: string;
beforeAll(async () => {
  clients = clientsOf(server);
  study = await createStudy(clients, "typical", 300);
});

async function refusal(call: Promise<unknown>): Promise<string> {
  const error = ConnectError.from(
    await call.then(
      () => new Error("not refused"),
      (cause: unknown) => cause,
    ),
  );
  expect(error.code).toBe(Code.InvalidArgument);
  return error.rawMessage;
}

describe("importances", () => {
  test.for([ImportanceMethod.UNSPECIFIED, ImportanceMethod.PED_ANOVA])(
    "by method %i put what matters first, with intervals",
    async (method) => {
      const { importances, trials, explained } = await clients.analyses.getImportances({ study, method });
      expect(importances.map(({ parameter }) => parameter)).toEqual([
        "lr",
        "depth",
        "act",
        "momentum",
        "idle",
      ]);
      const ranked = importances.toSorted((a, b) => b.share - a.share).map(({ parameter }) => parameter);
      expect(ranked[0]).toBe("lr");
      if (method === ImportanceMethod.UNSPECIFIED) expect(ranked.slice(0, 3)).toEqual(["lr", "depth", "act"]);
      expect(importances.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
      for (const { share, low, high } of importances) {
        expect(low).toBeLessThanOrEqual(high);
        expect(Math.min(share, low)).toBeGreaterThanOrEqual(0);
        expect(Math.max(share, high)).toBeLessThanOrEqual(1);
      }
      expect(trials).toBe(270);
      expect(explained === undefined).toBe(method === ImportanceMethod.PED_ANOVA);
    },
  );
});

test("slices follow the objective along each kind of parameter, on its own scale", async () => {
  const { slices, explained, revision } = await clients.analyses.getSlices({
    study,
    parameters: ["act", "lr", "depth"],
  });
  const [act, lr, depth] = slices;
  expect(explained).toBeGreaterThan(0.9);
  expect(revision).toBe((await clients.studies.getStudy({ study })).study?.revision);
  expect(act?.axis?.values.map((value) => toJson(ValueSchema, value))).toEqual(["relu", "tanh", "gelu"]);
  expect(act!.mean[0]! - act!.mean[2]!).toBeCloseTo(0.4, 1);
  const lrs = lr!.axis!.values.map((value) => Number(toJson(ValueSchema, value)));
  expect(Math.log10(lrs[lr!.mean.indexOf(Math.min(...lr!.mean))]!)).toBeCloseTo(-2.5, 0);
  expect(lrs[1]! / lrs[0]!).toBeCloseTo(lrs[31]! / lrs[30]!, 6);
  expect(depth?.axis?.values).toHaveLength(12);
  for (const { mean, low, high } of slices) {
    mean.forEach((value, at) => {
      expect(low[at]!).toBeLessThanOrEqual(value + 1e-9);
      expect(high[at]!).toBeGreaterThanOrEqual(value - 1e-9);
    });
  }
});

test("a contour shows two parameters, by itself the most important ones", async () => {
  const contour = await clients.analyses.getContour({ study });
  expect([contour.x?.parameter, contour.y?.parameter]).toEqual(["lr", "depth"]);
  expect(contour.mean).toHaveLength(32 * 12);
  expect(contour.low).toHaveLength(32 * 12);
  const best = contour.mean.indexOf(Math.min(...contour.mean));
  expect(Math.abs(1 + (best % 12) - 7)).toBeLessThanOrEqual(2);
  const turned = await clients.analyses.getContour({ study, x: "depth", y: "lr" });
  expect(turned.mean[5 * 32 + 3]).toBeCloseTo(contour.mean[3 * 12 + 5]!, 9);
  const given = await clients.analyses.getContour({ study, x: "idle" });
  expect([given.x?.parameter, given.y?.parameter]).toEqual(["idle", "lr"]);
});

test("a sample holds the best trials and some of every rank", async () => {
  const { trials, total } = await clients.analyses.sampleTrials({ study, size: 50 });
  expect([trials.length, total]).toEqual([50, 270]);
  const best = (await clients.studies.getStudy({ study })).study;
  expect(trials[0]).toMatchObject({ number: best?.bestTrial, values: best?.bestValues, rank: 0 });
  expect(trials.some(({ params }) => params?.["momentum"] === undefined)).toBe(true);
  expect(trials.at(-1)!.rank).toBeGreaterThan(0.95);
  expect((await clients.analyses.sampleTrials({ study })).trials).toHaveLength(270);
});

test("the distribution ends at the worst trial and at 1", async () => {
  const { values, shares, total } = await clients.analyses.getDistribution({ study, size: 100 });
  expect([values.length, total, shares.at(-1)]).toEqual([100, 270, 1]);
  expect(values).toEqual(values.toSorted((a, b) => a - b));
});

test("progress ends at the best trial", async () => {
  const { numbers, ended, values, exact, referencePoint } = await clients.analyses.getProgress({ study });
  const found = (await clients.studies.getStudy({ study })).study;
  expect([numbers.at(-1), values.at(-1)]).toEqual([found?.bestTrial, found?.bestValues[0]]);
  expect(ended).toEqual(numbers.map((number) => number + 1));
  expect([exact, referencePoint]).toEqual([true, []]);
});

test("expectations are compared with what came", async () => {
  const { expectations, calibration } = await clients.analyses.getExpectations({ study });
  expect(expectations).toHaveLength(262);
  expect(calibration?.trials).toBe(262);
  expect(calibration?.correlation).toBeGreaterThan(0.8);
  expect(calibration?.promised.at(-1)).toBe(0.95);
});

test("what a sampler expected of a trial is told with it, and compared with what came", async () => {
  const x = { name: "x", domain: { case: "real", value: { low: 0, high: 1 } } } as const;
  await clients.studies.createStudy({
    studyId: "expected",
    study: { parameters: [x], sampler: { sampler: { case: "gp", value: {} } }, seed: 1 },
  });
  for (let i = 0; i < 14; i++) {
    const { trials } = await clients.trials.askTrials({ study: "expected" });
    const { name, params } = trials[0]!;
    await clients.trials.tellTrial({ trial: name, values: [(Number(params?.["x"]) - 0.4) ** 2] });
  }
  const { trials } = await clients.trials.listTrials({ study: "expected" });
  const suggested = new Map(trials.map(({ number, suggestion }) => [number, suggestion]));
  expect(suggested.get(0)).toMatchObject({ sampler: "sobol", expectedValues: [], expectedDeviations: [] });
  const { expectations, calibration } = await clients.analyses.getExpectations({ study: "expected" });
  expect(expectations).toHaveLength(6);
  for (const { number, expected, deviation, isSuggested } of expectations) {
    expect(isSuggested).toBe(true);
    expect(suggested.get(number)).toMatchObject({
      expectedValues: [expected],
      expectedDeviations: [deviation],
    });
    // The values lie between 0 and 0.36.
    expect(Math.abs(expected)).toBeLessThan(1);
  }
  expect(calibration?.trials).toBe(6);
});

test("savings count the reports that were not made", async () => {
  expect(await clients.analyses.getPruningSavings({ study })).toMatchObject({
    completed: 270,
    pruned: 30,
    spent: 2_790n,
    saved: 210,
    share: 0.07,
    fullLength: 10,
    stoppedReports: 90n,
    stoppedAfter: [3, 3, 3, 3, 3],
  });
});

test("a sound study has no hints, and one that always fails has a warning", async () => {
  expect((await clients.analyses.listHints({ study })).hints).toEqual([]);
  await clients.studies.createStudy({ studyId: "broken", study: { parameters: [], replicates: 9 } });
  await clients.trials.importTrials({
    study: "broken",
    trials: new Array(6).fill({ params: {}, state: TrialState.FAILED }),
  });
  expect((await clients.analyses.listHints({ study: "broken" })).hints).toMatchObject([
    { kind: HintKind.ALL_FAILED, severity: HintSeverity.WARNING, parameter: "" },
  ]);
});

describe("with several objectives", () => {
  beforeAll(async () => {
    const axis = (name: string) => ({ name, domain: { case: "real" as const, value: { low: 0, high: 1 } } });
    await clients.studies.createStudy({
      studyId: "several",
      study: {
        parameters: [axis("a"), axis("b")],
        objectives: [{ name: "cost" }, { name: "score", goal: 2 }],
      },
    });
    const points = [
      { a: 0.2, b: 0.1 },
      { a: 0.5, b: 0.9 },
      { a: 0.6, b: 0.8 },
      { a: 0.3, b: 0.4 },
    ];
    const trials = points.map((params) => ({ params, values: [params.a, params.b] }));
    await clients.trials.importTrials({ study: "several", trials });
  });

  test("the front holds what no trial beats, in all objectives or in those named", async () => {
    const front = async (objectives: string[] = []) =>
      (await clients.analyses.getParetoFront({ study: "several", objectives })).numbers;
    expect(await front()).toEqual([0, 3, 1]);
    expect(await front(["cost"])).toEqual([0]);
    expect(await front(["score"])).toEqual([1]);
  });

  test("progress is the hypervolume up to a reference point", async () => {
    const progress = await clients.analyses.getProgress({ study: "several", referencePoint: [1, 0] });
    expect(progress.numbers).toEqual([0, 1, 2, 3]);
    [0.08, 0.08 + 0.5 * 0.8, 0.48, 0.48 + 0.2 * 0.3].forEach((volume, at) =>
      expect(progress.values[at]).toBeCloseTo(volume, 12),
    );
    const own = await clients.analyses.getProgress({ study: "several" });
    [0.64, 0.02].forEach((value, at) => expect(own.referencePoint[at]).toBeCloseTo(value, 12));
  });

  test("a trial is ranked by the objective that is named", async () => {
    const { trials } = await clients.analyses.sampleTrials({ study: "several", objective: "score" });
    expect(trials.map(({ number }) => number)).toEqual([1, 2, 3, 0]);
    expect(trials[0]?.values).toEqual([0.5, 0.9]);
  });

  test("a reference point of another length is refused", async () => {
    expect(await refusal(clients.analyses.getProgress({ study: "several", referencePoint: [1] }))).toContain(
      "reference_point: has 1 numbers: expected 2",
    );
    expect(await refusal(clients.analyses.getProgress({ study, referencePoint: [1] }))).toContain(
      "expected none",
    );
  });
});

test("an empty study has empty answers", async () => {
  await createStudy(clients, "empty", 0);
  const empty = { study: "empty" };
  expect(await clients.analyses.getImportances(empty)).toMatchObject({ importances: [], trials: 0 });
  expect((await clients.analyses.getSlices(empty)).slices).toEqual([]);
  expect((await clients.analyses.getContour(empty)).mean).toEqual([]);
  expect((await clients.analyses.sampleTrials(empty)).trials).toEqual([]);
  expect((await clients.analyses.getDistribution(empty)).values).toEqual([]);
  expect((await clients.analyses.getProgress(empty)).values).toEqual([]);
  expect((await clients.analyses.getParetoFront(empty)).numbers).toEqual([]);
  expect((await clients.analyses.getExpectations(empty)).expectations).toEqual([]);
  expect(await clients.analyses.getPruningSavings(empty)).toMatchObject({ completed: 0, share: 0 });
  expect((await clients.analyses.listHints(empty)).hints).toEqual([]);
  const { study: found } = await clients.studies.getStudy(empty);
  expect([found?.bestValues, found?.lastActivityTime]).toEqual([[], undefined]);
});

test("an answer follows the study: a new trial is in it at once", async () => {
  await createStudy(clients, "growing", 20);
  const before = await clients.analyses.getDistribution({ study: "growing" });
  const again = await clients.analyses.getDistribution({ study: "growing" });
  expect([again.revision, again.total]).toEqual([before.revision, 18]);
  const { trials } = await clients.trials.askTrials({ study: "growing" });
  await clients.trials.tellTrial({ trial: trials[0]!.name, values: [-1] });
  const after = await clients.analyses.getDistribution({ study: "growing" });
  expect([after.total, after.values[0]]).toEqual([19, -1]);
  expect(after.revision).toBeGreaterThan(before.revision);
  const { study: found } = await clients.studies.getStudy({ study: "growing" });
  expect(Math.abs(Date.now() - 1_000 * Number(found?.lastActivityTime?.seconds))).toBeLessThan(60_000);
});

test("a tell of a trial that nobody has does not hide when a study was last active", async () => {
  await createStudy(clients, "mistaken", 0);
  const { trials } = await clients.trials.askTrials({ study: "mistaken", count: 3 });
  // Those that come while the first is on its way go together.
  const tells = [...trials.map(({ name }) => name), "mistaken/trials/999"].map((trial) =>
    clients.trials.tellTrial({ trial, values: [1] }),
  );
  expect((await Promise.allSettled(tells)).map(({ status }) => status)).toEqual([
    ...Array<string>(3).fill("fulfilled"),
    "rejected",
  ]);
  const { study } = await clients.studies.getStudy({ study: "mistaken" });
  expect(study?.lastActivityTime).toBeDefined();
});

test("names that the study does not have are refused with those that it has", async () => {
  const { analyses } = clients;
  expect(await refusal(analyses.getImportances({ study, objective: "cost" }))).toBe(
    'objective: "cost" is no objective of this study: expected one of "loss"',
  );
  expect(await refusal(analyses.getSlices({ study, parameters: ["lr", "rate"] }))).toContain(
    'parameters[1]: "rate" is no parameter of this study: expected one of "lr", "depth"',
  );
  expect(await refusal(analyses.getContour({ study, x: "lr", y: "lr" }))).toContain('y: is "lr", as x is');
  expect(await refusal(analyses.getContour({ study: "broken" }))).toContain("fewer than two parameters");
  expect(await refusal(analyses.sampleTrials({ study, size: 10_001 }))).toContain("size");
  await expect(analyses.listHints({ study: "nowhere" })).rejects.toMatchObject({ code: Code.NotFound });
});
