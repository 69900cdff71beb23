import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { query } from "../support/embedded.ts";
import { type TestServer, startTestServer } from "../support/server.ts";

/** What the tests send to: a real server, with studies to be wrong about. */
export interface Target {
  readonly server: TestServer;
  readonly origin: string;
  readonly tokens: Tokens;
  /** Page token of a list of the study `good`. */
  readonly pageToken: string;
  /** Memory of the server's process at the beginning, bytes. */
  readonly memoryAtStart: number;
}

export interface Tokens {
  readonly manage: string;
  readonly work: string;
  readonly read: string;
  readonly expired: string;
  readonly revoked: string;
}

/** What a JSON call was answered with. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: ErrorBody;
}

export interface ErrorBody {
  readonly code?: string;
  readonly message?: string;
  readonly details?: readonly { readonly type: string; readonly debug?: Detail }[];
}

interface Detail {
  readonly reason?: string;
  readonly fieldViolations?: readonly { readonly field: string; readonly description: string }[];
}

/** Far longer than a busy machine takes to stop a server with nothing left to do. */
const graceSeconds = 240;

const parameters = [
  { name: "lr", real: { low: 0, high: 1 } },
  { name: "n", integer: { low: 1, high: 4 } },
  { name: "act", categorical: { choices: ["relu", "tanh", 1, true, null] } },
  { name: "slope", real: { low: 0, high: 1 }, condition: { parent: "act", values: ["relu"] } },
];

/** Starts the server on a database of the run's PostgreSQL. */
export async function startTarget(databaseUrl: string): Promise<Target> {
  const server = await startTestServer({
    env: {
      DATABASE_URL: databaseUrl,
      ASKTELL_LOG_LEVEL: "debug",
      ASKTELL_SHUTDOWN_GRACE: `${graceSeconds}s`,
    },
  });
  try {
    return await prepare(server, databaseUrl);
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function prepare(server: TestServer, databaseUrl: string): Promise<Target> {
  const make = (name: string, scope: string) =>
    server.run(["token", "create", "--name", name, "--scopes", scope, "--days", "1"]);
  const [work, read, expired, revoked] = await Promise.all([
    make("work", "work"),
    make("read", "read"),
    make("expired", "manage"),
    make("revoked", "manage"),
  ]);
  await query(
    databaseUrl,
    "update api_token set created_at = now() - interval '3 days', expires_at = now() - interval '1 day' where display_name = 'expired'",
  );
  await query(databaseUrl, "update api_token set revoked_at = now() where display_name = 'revoked'");
  const base = { server, origin: server.url, pageToken: "", memoryAtStart: 0 };
  const target: Target = { ...base, tokens: { manage: server.token, work, read, expired, revoked } };

  await mustCall(target, "StudyService/CreateStudy", { studyId: "good", study: { parameters, seed: 1 } });
  await mustCall(target, "StudyService/CreateStudy", {
    studyId: "two",
    study: {
      parameters,
      objectives: [{ name: "loss" }, { name: "time" }],
      constraints: [{ metric: "memory", upper: 8 }],
      maxTrials: 10,
    },
  });
  await mustCall(target, "TrialService/AskTrials", {
    study: "good",
    count: 4,
    worker: "w",
    requestId: "asked",
  });
  await mustCall(target, "TrialService/AskTrials", { study: "two", count: 2 });
  await mustCall(target, "TrialService/TellTrial", {
    trial: "good/trials/3",
    values: [1],
    requestId: "told",
  });
  await mustCall(target, "StudyService/CreateStudy", {
    studyId: "done",
    study: { parameters, maxTrials: 1 },
  });
  await mustCall(target, "StudyService/FinishStudy", { study: "done" });
  await mustCall(target, "StudyService/CreateStudy", { studyId: "queue", study: { parameters, seed: 1 } });
  await mustCall(target, "TrialService/EnqueueTrials", {
    study: "queue",
    trials: [{ params: { lr: 0.25, n: 1, act: "tanh" } }, { params: { lr: 0.75, n: 1, act: "tanh" } }],
    requestId: "enqueued",
  });
  const page = await mustCall(target, "TrialService/ListTrials", { study: "good", pageSize: 1 });
  const { nextPageToken } = JSON.parse(page.text) as { nextPageToken: string };
  return { ...target, pageToken: nextPageToken, memoryAtStart: await memoryOf(target) };
}

/** Posts to a method of package asktell.v1, as JSON unless told otherwise, with a token that may do everything. */
export async function post(
  target: Target,
  method: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const response = await fetch(`${target.origin}/asktell.v1.${method}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Bearer ${target.tokens.manage}`,
      ...headers,
    },
    body,
  });
  return answerOf(response);
}

export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json") === true;
  const json = isJson ? (JSON.parse(text) as ErrorBody) : {};
  return { status: response.status, headers: response.headers, text, json };
}

async function mustCall(target: Target, method: string, body: object): Promise<Answer> {
  const answer = await post(target, method, JSON.stringify(body));
  expect(answer.text).not.toContain('"code"');
  expect(answer.status).toBe(200);
  return answer;
}

/** Whatever was sent before, the next client is served, and soon. */
export async function expectAnswers(target: Target): Promise<void> {
  const start = performance.now();
  const { status, text } = await post(target, "StudyService/GetStudy", '{"study":"good"}');
  expect(status).toBe(200);
  expect(text).toContain('"projects/default/studies/good"');
  // Less than a call may take at most, much as a busy machine may have to do.
  expect(performance.now() - start).toBeLessThan(50_000);
}

/**
 * Nothing failed, nothing leaked: asked once all is over.
 *
 * @param mostGrowth - of the process's memory, bytes
 */
export async function expectUnharmed(target: Target, mostGrowth = 400 * 2 ** 20): Promise<void> {
  const { server, tokens, memoryAtStart } = target;
  await expectAnswers(target);
  // The log is written in batches.
  await sleep(300);
  expect(server.process.exitCode).toBe(null);
  expect(server.process.signalCode).toBe(null);
  const lines = server.log().split("\n");
  const failures = lines.filter((line) => /"level":"(error|fatal|warn)"/.test(line));
  expect(failures).toEqual([]);
  for (const [name, token] of Object.entries(tokens)) {
    expect(
      lines.some((line) => line.includes(token)),
      `the token ${name} in the log`,
    ).toBe(false);
  }
  expect((await memoryOf(target)) - memoryAtStart).toBeLessThan(mostGrowth);
}

/** Stops the server, which takes its whole grace if it has not let go of some connection. */
export async function expectStop({ server }: Target): Promise<void> {
  const start = performance.now();
  await server.stop();
  expect(performance.now() - start).toBeLessThan(900 * graceSeconds);
}

/** Resident memory of the server's process, where the system tells. */
async function memoryOf({ server }: Target): Promise<number> {
  if (process.platform !== "linux") return 0;
  const status = await readFile(`/proc/${server.process.pid}/status`, "utf8");
  return Number(/VmRSS:\s*(\d+)/.exec(status)?.[1]) * 1_024;
}
