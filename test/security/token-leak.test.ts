import { connect } from "node:net";
import { Client } from "pg";
import { beforeAll, expect, test } from "vitest";
import { useTestPostgres } from "../support/postgres.ts";
import { startTestServer } from "../support/server.ts";
import { useTestServer } from "../support/use-server.ts";

/* A token is in the request and nowhere else: not in a log, an answer, a metric or the database, whichever way it came and failed. */

const database = useTestPostgres();
const server = useTestServer(() =>
  startTestServer({
    env: { DATABASE_URL: database.url, ASKTELL_LOG_LEVEL: "trace", ASKTELL_OPTUNAPI: "token" },
  }),
);
let token: string;
const answers: string[] = [];

beforeAll(async () => {
  token = server.token;
});

async function keep(path: string, init: RequestInit = {}): Promise<number> {
  const response = await fetch(server.url + path, { redirect: "manual", ...init });
  answers.push(`${JSON.stringify([...response.headers])}\n${await response.text()}`);
  return response.status;
}

const json = { "content-type": "application/json" };

/** What a client says on a bare connection, answered until it is closed. */
function raw(bytes: string): Promise<void> {
  const { hostname, port } = new URL(server.url);
  return new Promise((done) => {
    const socket = connect(Number(port), hostname, () => socket.end(bytes));
    socket.on("data", (chunk) => answers.push(chunk.toString("latin1")));
    socket.on("close", () => done());
    socket.on("error", () => done());
  });
}

test("whatever is done with a token, nobody can read it afterwards", async () => {
  const post = (body: string, headers: Record<string, string> = {}) => ({
    method: "POST",
    headers: { ...json, ...headers },
    body,
  });
  const rpc = (name: string) => `/t/${token}/asktell.v1.${name}`;
  const study = '{"studyId":"s","study":{"parameters":[{"name":"x","real":{"low":0,"high":1}}]}}';
  expect(await keep(rpc("StudyService/CreateStudy"), post(study))).toBe(200);
  for (const [method, body] of [
    ["StudyService/GetStudy", '{"study":"s"}'],
    ["StudyService/GetStudy", '{"study":"nowhere"}'],
    ["StudyService/GetStudy", "{"],
    ["StudyService/Nothing", "{}"],
    ["TrialService/AskTrials", '{"study":"s","worker":"w"}'],
    ["TrialService/TellTrial", '{"trial":"s/trials/0","values":["x"]}'],
    ["TokenService/ListTokens", "{}"],
    ["ProjectService/ListAuditEntries", "{}"],
  ] as const) {
    await keep(rpc(method), post(body));
    await keep(`/asktell.v1.${method}?token=${token}`, post(body));
    await keep(`/asktell.v1.${method}`, post(body, { authorization: `Bearer ${token}` }));
    await keep(`/asktell.v1.${method}`, post(body, { authorization: `Basic ${token}` }));
    await keep(
      `/asktell.v1.${method}`,
      post(body, { referer: `${server.url}${rpc(method)}`, cookie: `t=${token}` }),
    );
  }
  const message = encodeURIComponent('{"study":"s"}');
  await keep(`/asktell.v1.StudyService/GetStudy?connect=v1&encoding=json&message=${message}&token=${token}`);
  // Mistakes: two tokens, one behind a misspelt path, twice, percent-encoded, in the wrong place, by the wrong method.
  for (const path of [
    `/t/${token}/x?token=at_other`,
    `/token/${token}/asktell.v1.StudyService/GetStudy`,
    `/api/askk/${token}`,
    `/api/ask/${token}`,
    `/t/${token}/t/${token}/healthz`,
    `/t/${encodeURIComponent(token)}%20/healthz`,
    `/%74/${token}/healthz`,
    `/t//${token}/healthz`,
    `/${token}`,
    `/login?next=/t/${token}/`,
    `/login/callback?code=${token}&state=x`,
    `/t/${token}/optunapi/hparams/s`,
    `/t/${token}/optunapi/score/s?trial_id=0&score=x`,
  ]) {
    await keep(path);
    await keep(path, post("{}"));
    await keep(path, { method: "DELETE" });
    await keep(path, { headers: { "sec-fetch-mode": "navigate", accept: "text/html" } });
  }
  // As what is no header, no HTTP, and too long.
  await raw(`GET /t/${token}/healthz HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n`);
  await raw(`GET /t/${token}/healthz HTTP/9\r\n\r\n`);
  await raw(`Authorization: Bearer ${token}\r\n\r\n`);
  await raw(`GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}${"x".repeat(20_000)}\r\n\r\n`);
  // Made, rotated and shown by the server itself: once, to whoever asked.
  const made = await fetch(
    `${server.url}/asktell.v1.TokenService/CreateToken`,
    post('{"token":{"displayName":"t"}}', { authorization: `Bearer ${token}` }),
  );
  const {
    secret,
    token: { name },
  } = (await made.json()) as { secret: string; token: { name: string } };
  const rotated = await fetch(
    `${server.url}/asktell.v1.TokenService/RotateToken`,
    post(JSON.stringify({ name }), { authorization: `Bearer ${token}` }),
  );
  const { secret: successor } = (await rotated.json()) as { secret: string };
  await keep("/metrics");
  await keep("/asktell.v1.TokenService/ListTokens", post("{}", { authorization: `Bearer ${token}` }));
  await server.run(["token", "list"]).then((text) => answers.push(text));

  const everywhere = { answers: answers.join("\n"), log: "", database: await dump() };
  await server.stop();
  everywhere.log = server.log();
  expect(everywhere.log.split("\n").length).toBeGreaterThan(100);
  for (const [place, text] of Object.entries(everywhere)) {
    for (const hidden of [token, secret, successor]) {
      // Its beginning is its hint; the rest is nobody's business.
      const at = text.indexOf(hidden.slice(8));
      expect(at === -1 ? "" : text.slice(Math.max(0, at - 300), at + 100), `a token in the ${place}`).toBe(
        "",
      );
    }
  }
});

/** Every row of every table, as text. */
async function dump(): Promise<string> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      "select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace",
    );
    expect(rows.length).toBeGreaterThan(10);
    let text = "";
    for (const { name } of rows) {
      const { rows: content } = await client.query<{ row: string }>(`select t::text as row from "${name}" t`);
      text += content.map(({ row }) => row).join("\n");
    }
    return text;
  } finally {
    await client.end();
  }
}
