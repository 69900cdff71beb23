import { Agent, request } from "node:http";
import { AnalysisService } from "@asktell/proto/asktell/v1/analysis_service_pb";
import { ProjectService } from "@asktell/proto/asktell/v1/project_service_pb";
import { StudyService } from "@asktell/proto/asktell/v1/study_service_pb";
import { TokenService } from "@asktell/proto/asktell/v1/token_service_pb";
import { TrialService } from "@asktell/proto/asktell/v1/trial_service_pb";
import { Health } from "@asktell/proto/health/v1/health_pb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSecret } from "../../server/src/identity/secret.ts";
import { useTestPostgres } from "../support/postgres.ts";
import { type TestServer, startTestServer } from "../support/server.ts";
import { type RandomRequest, createRequests, seededRandom } from "./random-request.ts";

const requests = 10_000;
const atOnce = 16;
/** Streams, and asks that wait, are left after this long, ms. */
const patienceMs = 400;

const seed = Number(process.env["FUZZ_SEED"] ?? 1);

const database = useTestPostgres();
let server: TestServer;
const tokens: string[] = [];

beforeAll(async () => {
  server = await startTestServer({
    env: {
      DATABASE_URL: database.url,
      ASKTELL_LOG_LEVEL: "debug",
      ASKTELL_OPTUNAPI: "token",
      // What limits do has a test of its own; here everything shall be reached.
      ASKTELL_LIMIT_FAILURES: "0",
    },
  });
  tokens.push(server.token);
  for (const scope of ["read", "work", "edit", "manage"]) {
    tokens.push(await server.run(["token", "create", "--name", scope, "--scopes", scope]));
  }
  const study = { parameters: [{ name: "x", real: { low: 0, high: 1 } }] };
  for (const studyId of ["good", "two"]) {
    const response = await fetch(`${server.url}/asktell.v1.StudyService/CreateStudy`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${server.token}` },
      body: JSON.stringify({ studyId, study }),
    });
    if (response.status !== 200) throw new Error(await response.text());
  }
});
afterAll(() => server?.stop());

interface Answer {
  /** 0: left, or the connection was closed without an answer. */
  readonly status: number;
  readonly text: string;
}

/** Failures that say what they are; the last one is a gateway's. */
const named = /"reason":"(?:STORE_UNAVAILABLE|NO_SUCH_METHOD|DEADLINE_EXCEEDED|GOING_DOWN)"|"detail":/;

const agent = new Agent({ keepAlive: true, maxSockets: atOnce });

function send({ method, path, headers, body }: RandomRequest): Promise<Answer> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(server.url);
    const call = request({ agent, hostname, port, method, path, headers, setHost: true }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      const done = () => {
        clearTimeout(timer);
        const head = `${JSON.stringify(response.headers)}\n`;
        resolve({ status: response.statusCode ?? 0, text: head + Buffer.concat(chunks).toString() });
      };
      response.on("end", done).on("close", done).on("error", done);
    });
    const timer = setTimeout(() => call.destroy(), patienceMs);
    call.on("error", () => {
      clearTimeout(timer);
      resolve({ status: 0, text: "" });
    });
    call.end(body);
  });
}

test(`${requests} random and damaged requests on every path: no crash, no unnamed failure, no token anywhere`, async () => {
  const nextRequest = createRequests(
    {
      methods: [ProjectService, StudyService, TrialService, AnalysisService, TokenService, Health].flatMap(
        (service) => service.methods,
      ),
      tokens: [...tokens, createSecret()],
      paths: [
        "/",
        "/healthz",
        "/readyz",
        "/metrics",
        "/favicon.svg",
        "/_app/version.json",
        "/projects/default/studies/good",
        "/login",
        "/login/callback?state=x&code=y",
        "/login/link",
        "/login/session",
        "/login/sessions",
        "/login/sessions/revoke",
        "/logout",
        "/api/version",
        ...["ask", "tell", "mark_as_failed", "should_prune", "get_best_trial"].map(
          (call) => `/api/${call}/${tokens[1]}`,
        ),
        "/optunapi/ping",
        "/optunapi/hparams/good",
        "/optuna/hparams/good",
        "/optunapi/score/good?trial_id=0&score=1.5",
        "/optunapi/config/new",
        "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
        "/.env",
        "/../../etc/passwd",
      ],
      names: [
        "good",
        "two",
        "projects/default",
        "projects/default/studies/good",
        "good/trials/0",
        "projects/default/studies/good/trials/1",
        "projects/other/studies/s",
        "projects/default/tokens/3",
        "projects/default/members/1",
        "x",
        "loss",
        "w1",
      ],
    },
    seededRandom(seed),
  );
  const statuses = new Map<number, number>();
  const unforeseen: string[] = [];
  let left = requests;
  const secrets = tokens.map((token) => token.slice("at_".length));
  async function work(): Promise<void> {
    while (left-- > 0) {
      const sent = nextRequest();
      const { status, text } = await send(sent);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      // An answer to HEAD has no body to name anything in.
      const isNamed = status < 500 || sent.method === "HEAD" || named.test(text);
      const leaks = secrets.some((secret) => text.includes(secret));
      if (!isNamed || status === 500 || leaks) {
        unforeseen.push(
          `${status} to ${sent.method} ${sent.path} ${JSON.stringify(sent.headers)} ${sent.body.toString().slice(0, 300)}: ${text.slice(0, 600)}`,
        );
      }
    }
  }
  const begun = performance.now();
  await Promise.all(Array.from({ length: atOnce }, work));
  const seconds = (performance.now() - begun) / 1_000;
  agent.destroy();
  console.log(
    `seed ${seed}: ${seconds.toFixed(1)} s; answers by status: ${JSON.stringify([...statuses].toSorted(([a], [b]) => a - b))}`,
  );

  expect(unforeseen).toEqual([]);
  // Those that were not left before their answer, as many are on a busy machine, got through to what they are for.
  expect(statuses.get(200) ?? 0).toBeGreaterThan((requests - (statuses.get(0) ?? 0)) / 20);
  expect(server.process.exitCode).toBeNull();
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  const memory = Number(/^process_resident_memory_bytes (\S+)/m.exec(metrics)?.[1]);
  expect(memory).toBeLessThan(700 * 2 ** 20);
  const token = await server.run(["token", "create", "--name", "after", "--scopes", "read"]);
  const alive = await fetch(`${server.url}/asktell.v1.StudyService/ListStudies`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: "{}",
  });
  expect(alive.status).toBe(200);

  const log = server.log();
  expect(log.split("\n").length).toBeGreaterThan(requests / 2);
  for (const secret of secrets) expect(log.includes(secret)).toBe(false);
  const failures = log.split("\n").filter((line) => /"level":"(?:error|fatal)"/.test(line));
  expect(failures).toEqual([]);
});
