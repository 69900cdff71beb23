import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { leaveOut, works } from "../support/toolchain.ts";
import { type Json, startMs, useReplicas } from "./replica-set.ts";

/* Promise 8: curl is a first-class client. The contract by example, word for word. */

const set = useReplicas(1);
const out = leaveOut("the contract with curl", [!works("curl", "--version") && "curl"]);

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Json;
}

/** Posts with curl, as people type it. */
async function curl(path: string, body: string, ...more: readonly string[]): Promise<Answer> {
  const args = ["-sS", "-X", "POST", "-H", "Content-Type: application/json", "-d", body, ...more];
  const { stdout } = await promisify(execFile)("curl", [
    ...args,
    "-w",
    "\n%{http_code} %{content_type}",
    `${set.replicas[0]?.url}${path}`,
  ]);
  const end = stdout.lastIndexOf("\n");
  const [status = "", type = ""] = stdout.slice(end + 1).split(" ");
  return { status: Number(status), type, body: JSON.parse(stdout.slice(0, end)) as Json };
}

const bearer = () => ["-H", `Authorization: Bearer ${set.token}`];
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);

const mnist = `{"studyId":"mnist","allowExisting":true,"study":{"maxTrials":3,"objectives":[{"name":"loss"}],"parameters":[
  {"name":"lr","real":{"low":1e-5,"high":0.1,"log":true}},{"name":"layers","integer":{"low":1,"high":4}},
  {"name":"act","categorical":{"choices":["relu","tanh"]}}]}}`;

describe.skipIf(out)("the contract by example", () => {
  test(
    "a study is created, asked, reported, told and finished with the words of the contract",
    { timeout: startMs },
    async () => {
      const created = await curl("/asktell.v1.StudyService/CreateStudy", mnist, ...bearer());
      expect(created).toMatchObject({
        status: 200,
        type: "application/json",
        body: {
          study: { name: "projects/default/studies/mnist", state: "STUDY_STATE_ACTIVE", maxTrials: 3 },
        },
      });
      const again = await curl("/asktell.v1.StudyService/CreateStudy", mnist, ...bearer());
      expect(again).toMatchObject({ status: 200, body: { created: false } });

      const asked = await curl(
        `/t/${set.token}/asktell.v1.TrialService/AskTrials`,
        `{"study":"mnist","worker":"node-7"}`,
      );
      expect(asked).toMatchObject({
        status: 200,
        body: {
          trials: [
            {
              name: "projects/default/studies/mnist/trials/0",
              // alwaysEmitImplicit: trial 0 shows its number.
              number: 0,
              state: "TRIAL_STATE_RUNNING",
              params: {
                lr: expect.any(Number),
                layers: expect.any(Number),
                act: expect.stringMatching(/^(relu|tanh)$/),
              },
              worker: "node-7",
              attempt: 1,
              leaseToken: expect.stringMatching(/./),
              leaseExpireTime: time,
              values: [],
            },
          ],
          studyState: "STUDY_STATE_ACTIVE",
        },
      });
      const [trial] = asked.body["trials"] as [
        { leaseToken: string; params: { lr: number; layers: number } },
      ];
      expect(trial.params.lr).toBeGreaterThanOrEqual(1e-5);
      expect(trial.params.lr).toBeLessThanOrEqual(0.1);
      expect([1, 2, 3, 4]).toContain(trial.params.layers);

      const reported = await curl(
        `/t/${set.token}/asktell.v1.TrialService/ReportTrial`,
        `{"trial":"projects/default/studies/mnist/trials/0","leaseToken":"${trial.leaseToken}","step":1,"values":[0.7]}`,
      );
      expect(reported).toMatchObject({ status: 200, body: { shouldStop: false, leaseExpireTime: time } });

      const told = await curl(
        `/t/${set.token}/asktell.v1.TrialService/TellTrial`,
        `{"trial":"mnist/trials/0","leaseToken":"${trial.leaseToken}","values":[0.31]}`,
      );
      expect(told).toMatchObject({
        status: 200,
        body: { trial: { state: "TRIAL_STATE_COMPLETED", values: [0.31] } },
      });

      // The simplest worker needs neither a name nor a lease token.
      for (const number of [1, 2]) {
        await curl(`/asktell.v1.TrialService/AskTrials?token=${set.token}`, `{"study":"mnist"}`);
        const body = `{"trial":"mnist/trials/${number}","values":[0.5]}`;
        expect(await curl(`/asktell.v1.TrialService/TellTrial?token=${set.token}`, body)).toMatchObject({
          status: 200,
        });
      }
      const finished = await curl(`/t/${set.token}/asktell.v1.TrialService/AskTrials`, `{"study":"mnist"}`);
      expect(finished).toMatchObject({
        status: 200,
        body: { trials: [], studyState: "STUDY_STATE_FINISHED" },
      });
      expect(finished.body).not.toHaveProperty("retryAfter");
    },
  );

  test(
    "while nothing can be handed out, an ask says when to come back, or waits",
    { timeout: startMs },
    async () => {
      const study = await set.createStudy({ maxRunning: 1 });
      const path = `/t/${set.token}/asktell.v1.TrialService/AskTrials`;
      await curl(path, `{"study":"${study}"}`);
      const full = await curl(path, `{"study":"${study}"}`);
      expect(full).toMatchObject({
        status: 200,
        body: {
          trials: [],
          studyState: "STUDY_STATE_ACTIVE",
          retryAfter: expect.stringMatching(/^\d+(\.\d+)?s$/),
        },
      });
      const waiting = curl(path, `{"study":"${study}","maxWait":"30s"}`);
      await curl(
        `/t/${set.token}/asktell.v1.TrialService/TellTrial`,
        `{"trial":"${study}/trials/0","values":[1]}`,
      );
      expect(await waiting).toMatchObject({ body: { trials: [{ number: 1 }] } });
    },
  );

  test(
    "an ask that may wait longer than its call is answered before the call's deadline",
    { timeout: startMs },
    async () => {
      const study = await set.createStudy({ maxRunning: 1 });
      const ask = { study, maxWait: "60s" };
      await set.call(0, "TrialService/AskTrials", ask);
      const answer = await fetch(`${set.replicas[0]?.url}/t/${set.token}/asktell.v1.TrialService/AskTrials`, {
        method: "POST",
        headers: { "content-type": "application/json", "connect-timeout-ms": "4000" },
        body: JSON.stringify(ask),
      });
      expect(await answer.json()).toMatchObject({ trials: [], retryAfter: "1s" });
    },
  );

  test("reads are GETs", { timeout: startMs }, async () => {
    const study = await set.createStudy();
    const query = `?connect=v1&encoding=json&message=${encodeURIComponent(JSON.stringify({ study }))}`;
    const { stdout } = await promisify(execFile)("curl", [
      "-sS",
      `${set.replicas[0]?.url}/t/${set.token}/asktell.v1.TrialService/ListTrials${query}`,
    ]);
    expect(JSON.parse(stdout)).toEqual({ trials: [], nextPageToken: "", totalSize: 0 });
  });

  test("NaN and infinities are values, in JSON as text", { timeout: startMs }, async () => {
    const study = await set.createStudy();
    await curl(`/t/${set.token}/asktell.v1.TrialService/AskTrials`, `{"study":"${study}","count":2}`);
    const tell = (number: number, value: string) =>
      curl(
        `/t/${set.token}/asktell.v1.TrialService/TellTrial`,
        `{"trial":"${study}/trials/${number}","values":[${value}]}`,
      );
    expect(await tell(0, `"NaN"`)).toMatchObject({
      status: 200,
      body: {
        trial: { state: "TRIAL_STATE_FAILED", values: [], failure: expect.stringContaining("not a number") },
      },
    });
    expect(await tell(1, `"-Infinity"`)).toMatchObject({
      body: { trial: { state: "TRIAL_STATE_COMPLETED", values: ["-Infinity"] } },
    });
  });

  const method = (name: string) => `/t/TOKEN/asktell.v1.${name}`;
  test.each([
    [
      "no token",
      "/asktell.v1.TrialService/AskTrials",
      `{"study":"refusals"}`,
      401,
      "unauthenticated",
      "TOKEN_INVALID",
    ],
    [
      "an unknown study",
      method("TrialService/AskTrials"),
      `{"study":"nowhere"}`,
      404,
      "not_found",
      "STUDY_NOT_FOUND",
    ],
    [
      "an unknown trial",
      method("TrialService/TellTrial"),
      `{"trial":"refusals/trials/9","values":[1]}`,
      404,
      "not_found",
      "TRIAL_NOT_FOUND",
    ],
    [
      "a name that is none",
      method("TrialService/GetTrial"),
      `{"trial":"refusals"}`,
      400,
      "invalid_argument",
      "INVALID_REQUEST",
    ],
    [
      "a field that is unknown",
      method("TrialService/AskTrials"),
      `{"sutdy":"refusals"}`,
      400,
      "invalid_argument",
      "INVALID_REQUEST",
    ],
    [
      "a body that is no JSON",
      method("TrialService/AskTrials"),
      `{"study":`,
      400,
      "invalid_argument",
      "INVALID_REQUEST",
    ],
    [
      "values outside of the domain",
      method("TrialService/EnqueueTrials"),
      `{"study":"refusals","trials":[{"params":{"layers":0}}]}`,
      400,
      "invalid_argument",
      "PARAMETER_OUT_OF_DOMAIN",
    ],
    [
      "a study that exists",
      method("StudyService/CreateStudy"),
      `{"studyId":"refusals","study":{"parameters":[{"name":"x","real":{"low":0,"high":1}}]}}`,
      409,
      "already_exists",
      "STUDY_EXISTS",
    ],
    [
      "too few values",
      method("TrialService/TellTrial"),
      `{"trial":"refusals/trials/0"}`,
      400,
      "invalid_argument",
      "METRIC_MISSING",
    ],
    [
      "a lease token of another trial",
      method("TrialService/TellTrial"),
      `{"trial":"refusals/trials/0","leaseToken":"1-1","values":[1]}`,
      400,
      "invalid_argument",
      "INVALID_REQUEST",
    ],
  ])(
    "%s is refused in words and for programs",
    { timeout: startMs },
    async (_what, path, body, status, code, reason) => {
      const spec = { name: "layers", integer: { low: 1, high: 4 } };
      await set.call(0, "StudyService/CreateStudy", {
        studyId: "refusals",
        allowExisting: true,
        study: { parameters: [spec], seed: 1 },
      });
      const { body: trials } = await curl(
        method("TrialService/ListTrials").replace("TOKEN", set.token),
        `{"study":"refusals"}`,
      );
      if (trials["totalSize"] === 0) await set.call(0, "TrialService/AskTrials", { study: "refusals" });
      const answer = await curl(path.replace("TOKEN", set.token), body);
      expect(answer).toMatchObject({
        status,
        type: "application/json",
        body: { code, message: expect.stringMatching(/.{10}/) },
      });
      const details = answer.body["details"] as {
        type: string;
        debug?: { reason?: string; domain?: string };
      }[];
      const info = details.find(({ type }) => type === "google.rpc.ErrorInfo");
      expect(info?.debug).toMatchObject({ reason, domain: "asktell" });
      expect(answer.body["message"]).not.toContain(set.token);
    },
  );
});
