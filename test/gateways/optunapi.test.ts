import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Scope } from "@asktell/proto/asktell/v1/access_pb";
import { TrialState } from "@asktell/proto/asktell/v1/trial_pb";
import { Goal } from "@asktell/proto/asktell/v1/study_pb";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type TestServer, startTestServer } from "../support/server.ts";
import { type Heard, detailOf, grpc, lesserToken, send } from "./support.ts";

/*
 * OptunAPI's own tests/simple_client.py (mbarbetti/optunapi at cc79875, unmodified, with requests 2.34.2 and the configuration file of that
 * repository) was run by hand against this server on port 8000: five times in each of two shells at once, 100 trials without an error, the last one
 * printing the best of them. These tests send what it sends.
 */

const paraboloid = `
x :
  name    : x
  type    : float
  choices :
  low     : -10
  high    :  10
  step    :
  log     : False

y :
  name    : y
  type    : float
  low     : -10
  high    :  10
`;

const network = `
optimizer: {name: optimizer, type: categorical, choices: [RMSprop, Adam]}
num_layers: {name: num_layers, type: int, low: 1, high: 3}
learning_rate: {name: learning_rale, type: float, low: 1e-5, high: 1e-2, log: True}
dropout: {name: dropout, type: float, low: 1, high: 1}
`;

interface Hparams {
  readonly model_name: string;
  readonly trial_id: number;
  readonly params: Readonly<Record<string, number | string>>;
  readonly running_trials: number;
  readonly completed_trials: number;
}

interface Score extends Hparams {
  readonly score: number;
  readonly best_trial: number;
  readonly best_params: Hparams["params"];
  readonly best_score: number;
}

let folder: string;
let server: TestServer;
let api: ReturnType<typeof grpc>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "asktell-optunapi-"));
  await writeFile(join(folder, "optunapi-test.yaml"), paraboloid);
  await writeFile(join(folder, "network.yml"), network);
  await writeFile(join(folder, "broken.yaml"), "lr: {name: lr, type: float, low: high}");
  server = await startTestServer({ env: { ASKTELL_OPTUNAPI: "loopback", ASKTELL_OPTUNAPI_CONFIG: folder } });
  api = grpc(server);
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const get = (path: string) => send(`${server.url}${path}`);

function json<T>({ status, text }: Heard): T {
  expect([status, text]).toEqual([200, expect.any(String)]);
  return JSON.parse(text) as T;
}

const hparams = async (model: string) => json<Hparams>(await get(`/optunapi/hparams/${model}`));
const score = async (model: string, trial: number, value: number | string) =>
  json<Score>(await get(`/optunapi/score/${model}?trial_id=${trial}&score=${value}`));

/** Uploads a configuration under a new model's name. */
let models = 0;
async function upload(config: string, model = `model-${models++}`): Promise<string> {
  const url = `${server.url}/t/${server.token}/optunapi/config/${model}`;
  expect((await send(url, { method: "PUT", body: config })).status).toBe(201);
  return model;
}

describe("without a token on the server's own machine", () => {
  it("answers a ping, under both spellings", async () => {
    for (const prefix of ["optunapi", "optuna"]) {
      expect((await get(`/${prefix}/ping`)).text).toBe('"The Optuna-server is alive!"');
    }
  });

  it("two clients share 100 trials, and the best parameters are right", async () => {
    const model = "optunapi-test";
    const seen = new Map<number, number>();
    const client = async (rounds: number): Promise<Score> => {
      for (;;) {
        const { trial_id: trial, params, running_trials: running, model_name: name } = await hparams(model);
        expect(name).toBe(model);
        expect(running).toBeGreaterThanOrEqual(1);
        expect(running).toBeLessThanOrEqual(2);
        const value = (Number(params["x"]) - 2) ** 2 + (Number(params["y"]) - 3) ** 2;
        expect(seen.has(trial)).toBe(false);
        seen.set(trial, value);
        const answer = await score(model, trial, value);
        expect(answer).toMatchObject({ model_name: model, trial_id: trial, params, score: value });
        if (--rounds === 0) return answer;
      }
    };
    const [first, second] = await Promise.all([client(50), client(50)]);
    const last = first.completed_trials > second.completed_trials ? first : second;
    expect(last).toMatchObject({ completed_trials: 100, running_trials: 0 });
    expect([...seen.keys()].toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 100 }, (_, trial) => trial),
    );
    const [best, value] = [...seen].toSorted(([, a], [, b]) => a - b)[0] ?? [];
    expect(last).toMatchObject({ best_trial: best, best_score: value });
    expect(value).toBeLessThan(1);

    const { trials } = await api.trials.listTrials({ study: model });
    expect(trials.map(({ number, values }) => [number, values[0]])).toEqual(
      [...seen].toSorted(([a], [b]) => a - b),
    );
    expect(last.best_params).toEqual(trials[best ?? -1]?.params);
  });

  it("answers parameters in the file's order and in Python's types", async () => {
    const { text } = await get("/optunapi/hparams/network");
    expect(text).toMatch(
      /^\{"model_name":"network","trial_id":0,"params":\{"optimizer":"(RMSprop|Adam)","num_layers":[123],"learning_rale":[\d.e-]+,"dropout":1\.0\},"running_trials":1,"completed_trials":0\}$/,
    );
    const answer = await get("/optunapi/score/network?trial_id=0&score=2");
    expect(answer.text).toMatch(/"score":2\.0,"best_trial":0,/);
    const { study } = await api.studies.getStudy({ study: "network" });
    expect(study).toMatchObject({ labels: { gateway: "optunapi" }, objectives: [{ goal: Goal.MINIMIZE }] });
    expect(study?.leaseDuration?.seconds).toBe(86_400n);
  });

  it("is never kept by a cache, nor taken for a look", async () => {
    const model = await upload(paraboloid);
    const answer = await get(`/optunapi/hparams/${model}`);
    expect(answer.headers.get("cache-control")).toMatch(/no-store/);
    for (const method of ["HEAD", "POST"]) {
      const refused = await send(`${server.url}/optunapi/hparams/${model}`, { method });
      expect([refused.status, refused.headers.get("allow")]).toEqual([405, "GET"]);
    }
    expect((await hparams(model)).trial_id).toBe(1);
  });

  it("a score again gets the same answer, another one is refused", async () => {
    const model = await upload(paraboloid);
    await hparams(model);
    const first = await score(model, 0, 1.5);
    expect(await score(model, 0, "1.50")).toEqual(first);
    const refused = await get(`/optunapi/score/${model}?trial_id=0&score=1.6`);
    expect(refused.status).toBe(409);
    expect(detailOf(refused)).toBe("trial 0 has ended already: it is completed with 1.5");
  });

  it("reads its documentation's spellings, and names the best trial as that does", async () => {
    const model = await upload(paraboloid);
    expect((await get(`/optuna/hparams/${model}`)).status).toBe(200);
    const answer = await get(`/optuna/score/${model}?trail_id=0&score=1e-5`);
    expect(JSON.parse(answer.text)).toMatchObject({
      best_trial: 0,
      best_trial_id: 0,
      best_score_id: 0,
      best_score: 1e-5,
    });
  });

  it("a score of nan is a failed trial, and one of inf a bad one", async () => {
    const model = await upload(paraboloid);
    await hparams(model);
    await hparams(model);
    expect(await score(model, 0, "nan")).toMatchObject({
      score: null,
      best_trial: null,
      best_params: null,
      best_score: null,
    });
    expect(await score(model, 0, "NaN")).toMatchObject({
      score: null,
      completed_trials: 0,
      running_trials: 1,
    });
    expect(await score(model, 1, "inf")).toMatchObject({
      score: null,
      best_trial: 1,
      best_score: null,
      completed_trials: 1,
    });
    const { trials } = await api.trials.listTrials({ study: model });
    expect(trials.map(({ state }) => state)).toEqual([TrialState.FAILED, TrialState.COMPLETED]);
  });

  it("says in FastAPI's words what is wrong with a query", async () => {
    const answer = await get("/optunapi/score/optunapi-test?trial_id=x");
    expect(answer.status).toBe(422);
    expect(JSON.parse(answer.text)).toEqual({
      detail: [
        { loc: ["query", "trial_id"], msg: "value is not a valid integer", type: "type_error.integer" },
        { loc: ["query", "score"], msg: "field required", type: "value_error.missing" },
      ],
    });
    for (const query of [
      "trial_id=0&score=a",
      "trial_id=-1&score=1",
      "trial_id=1.5&score=1",
      "trial_id=99999999999&score=1",
      "score=1",
      "",
    ]) {
      expect((await get(`/optunapi/score/optunapi-test?${query}`)).status).toBe(422);
    }
  });

  it("has no model without a file or a study, and no trial that was not handed out", async () => {
    for (const model of ["unknown", "..%2Foptunapi-test", "%2e%2e", "a%00b", "%zz", ""]) {
      expect((await get(`/optunapi/hparams/${model}`)).status).toBe(404);
      expect((await get(`/optunapi/score/${model}?trial_id=0&score=1`)).status).toBe(404);
    }
    const model = await upload(paraboloid);
    expect((await get(`/optunapi/score/${model}?trial_id=5&score=1`)).status).toBe(404);
  });

  it("says what is wrong with a file, and where", async () => {
    const answer = await get("/optunapi/hparams/broken");
    expect(answer.status).toBe(422);
    expect(JSON.parse(answer.text)).toMatchObject({
      detail: [{ loc: ["config", "lr", "low"] }, { loc: ["config", "lr", "high"] }],
    });
  });

  it("a study that was made through the API under the model's name serves as well", async () => {
    await api.studies.createStudy({
      studyId: "by-api",
      study: {
        maxTrials: 2,
        objectives: [{ name: "accuracy", goal: Goal.MAXIMIZE }],
        parameters: [{ name: "n", domain: { case: "integer", value: { low: 1n, high: 9n } } }],
      },
    });
    for (const value of [0.5, 0.9]) await score("by-api", (await hparams("by-api")).trial_id, value);
    expect(await score("by-api", 0, 0.5)).toMatchObject({ best_trial: 1, best_score: 0.9 });
    const refused = await get("/optunapi/hparams/by-api");
    expect(refused.status).toBe(409);
    expect(detailOf(refused)).toMatch(/has finished/);
  });

  it("is for this machine's programs alone: not for pages of other sites or through proxies", async () => {
    for (const headers of [{ "x-forwarded-for": "127.0.0.1" }, { "sec-fetch-site": "cross-site" }] as const) {
      expect((await send(`${server.url}/optunapi/hparams/optunapi-test`, { headers })).status).toBe(403);
    }
  });
});

describe("an uploaded configuration", () => {
  const put = (model: string, body: string, token = server.token) =>
    send(`${server.url}/t/${token}/optunapi/config/${model}`, { method: "PUT", body });

  it("makes the study; the same again is fine, and another one is refused", async () => {
    const first = await put("uploaded", network);
    expect([first.status, JSON.parse(first.text)]).toEqual([201, { model_name: "uploaded", created: true }]);
    expect((await put("uploaded", `# the same\n${network}`)).status).toBe(200);
    const other = await put("uploaded", paraboloid);
    expect(other.status).toBe(409);
    expect(detailOf(other)).toMatch(/parameters/);
    expect((await hparams("uploaded")).trial_id).toBe(0);
  });

  it("needs a token of scope manage, on this machine too", async () => {
    const body = paraboloid;
    expect((await send(`${server.url}/optunapi/config/mine`, { method: "PUT", body })).status).toBe(403);
    expect((await put("mine", body, (await lesserToken(server, Scope.WORK)).secret)).status).toBe(403);
    expect((await get("/optunapi/hparams/mine")).status).toBe(404);
  });

  it("is refused when it is wrong or too large", async () => {
    expect((await put("wrong", "a: {name: a, type: what}")).status).toBe(422);
    expect((await put("wrong", 'a: {name: "a\\0", type: float, low: 0, high: 1}')).status).toBe(422);
    expect((await put("wrong", `# ${"x".repeat(300_000)}`)).status).toBe(413);
    expect((await put("wrong%2Fname", paraboloid)).status).toBe(404);
  });
});

it("with `token` it asks for one everywhere", async () => {
  const other = await startTestServer({
    env: { ASKTELL_OPTUNAPI: "token", ASKTELL_OPTUNAPI_CONFIG: folder },
  });
  onTestFinished(other.stop);
  expect((await send(`${other.url}/optunapi/hparams/optunapi-test`)).status).toBe(401);
  // A file that the operator has put there needs no more than asking.
  const { secret } = await lesserToken(other, Scope.WORK);
  const host = `${other.url}/t/${secret}/optunapi`;
  const { trial_id: trial } = json<Hparams>(await send(`${host}/hparams/optunapi-test`));
  const answer = json<Score>(await send(`${host}/score/optunapi-test?trial_id=${trial}&score=3`));
  expect(answer.best_score).toBe(3);
});
