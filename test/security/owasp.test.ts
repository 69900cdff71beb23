import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { createClient } from "@connectrpc/connect";
import { ProjectService } from "@asktell/proto/asktell/v1/project_service_pb";
import { StudyService } from "@asktell/proto/asktell/v1/study_service_pb";
import { TokenService } from "@asktell/proto/asktell/v1/token_service_pb";
import { TrialService } from "@asktell/proto/asktell/v1/trial_service_pb";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, test } from "vitest";
import { useTestPostgres } from "../support/postgres.ts";
import { type TestServer, root, startTestServer } from "../support/server.ts";
import { type Stack, migrated, startStack, transportOf } from "./stack.ts";
import { specOfTest } from "./studies.ts";

/* OWASP API Security Top 10, 2023 (https://owasp.org/API-Security/editions/2023/en/0x11-t10/): each risk with a test of the answer to it. */

const stackDatabase = useTestPostgres(migrated);
const serverDatabase = useTestPostgres();
let stack: Stack;
let server: TestServer;
/** Where it is in truth; its public address is another one. */
let origin: string;
let projectId: number;
let secret: string;
let tokenId: number;

beforeAll(async () => {
  stack = await startStack(stackDatabase.connection);
  projectId = (await stack.identity.getProject("default")).id;
  const made = await stack.identity.createToken({ projectId, displayName: "t", scopes: ["manage"] });
  secret = made.secret;
  tokenId = made.token.id;
  await stack.studies.create(specOfTest(projectId, "s"));
  server = await startTestServer({
    env: {
      DATABASE_URL: serverDatabase.url,
      ASKTELL_LOG_LEVEL: "info",
      ASKTELL_OPTUNAPI: "token",
      ASKTELL_PUBLIC_URL: "https://asktell.example.org",
    },
  });
  origin = `http://127.0.0.1:${/"port":(\d+)/.exec(server.log())?.[1]}`;
});
afterAll(async () => {
  await stack?.close();
  await server?.stop();
});

async function post(at: string, method: string, token: string | undefined, body: unknown = {}) {
  const response = await fetch(`${at}/asktell.v1.${method}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

describe("API1, object level authorization (every method: permissions.test.ts)", () => {
  it("answers the same for what is not there and for what is not the caller's", async () => {
    const owner = await stack.newUser("owner1");
    const theirs = (await stack.identity.createProject({ name: "private", displayName: "", adminId: owner }))
      .id;
    await stack.studies.create(specOfTest(theirs, "s"));
    const of = (project: string) =>
      post(stack.origin, "StudyService/GetStudy", secret, { study: `projects/${project}/studies/s` });
    const [hidden, missing] = await Promise.all([of("private"), of("missing")]);
    expect(hidden.status).toBe(404);
    const plain = ({ text }: { text: string }) =>
      (JSON.parse(text) as { message: string }).message.replace(/"(?:private|missing)"/, "…");
    expect(plain(hidden)).toBe(plain(missing));
  });
});

describe("API2, authentication (sign-in: test/login)", () => {
  it.each([
    ["cut short", (token: string) => token.slice(0, -1)],
    ["longer", (token: string) => `${token}0`],
    [
      "with a character changed",
      (token: string) => `${token.slice(0, 20)}${token[20] === "a" ? "b" : "a"}${token.slice(21)}`,
    ],
    ["in other letters", (token: string) => token.toUpperCase()],
    ["as a share link", (token: string) => token.replace("at_", "ats_")],
    ["without its prefix", (token: string) => token.slice(3)],
  ])("refuses a token %s", async (_name, damage) => {
    expect((await post(stack.origin, "StudyService/ListStudies", damage(secret))).status).toBe(401);
  });

  it("tells whoever has no token, a bad one or none, how to send one, and nothing else", async () => {
    const { status, headers, text } = await post(stack.origin, "StudyService/ListStudies", undefined);
    expect(status).toBe(401);
    expect(headers.get("www-authenticate")).toBe("Bearer");
    expect(text).not.toMatch(/default|project/);
  });
});

describe("API3, property level authorization", () => {
  it.each([
    "name",
    "state",
    "create_time",
    "counts",
    "etag",
    "parameters",
    "objectives",
    "seed",
    "finish_reason",
    "*",
  ])("does not let %s of a study be written", async (path) => {
    const before = await post(stack.origin, "StudyService/GetStudy", secret, { study: "s" });
    const study = { name: "s", state: "STUDY_STATE_FINISHED", seed: 99, note: "changed" };
    const { status } = await post(stack.origin, "StudyService/UpdateStudy", secret, {
      study,
      updateMask: path,
    });
    expect(status).toBe(400);
    expect((await post(stack.origin, "StudyService/GetStudy", secret, { study: "s" })).text).toBe(
      before.text,
    );
  });

  it("ignores what a caller says of a token's other fields", async () => {
    const tokens = createClient(TokenService, transportOf(stack, { token: secret }));
    const { token } = await tokens.createToken({
      token: {
        displayName: "x",
        name: "projects/other/tokens/1",
        hint: "at_zzzzz",
        asks: -5,
        lastUseAddress: "6.6.6.6",
      },
    });
    expect(token).toMatchObject({ asks: 0, lastUseAddress: "" });
    expect(token?.name).toMatch(/^projects\/default\/tokens\/\d+$/);
    expect(token?.hint).not.toBe("at_zzzzz");
  });

  it("lists tokens without what opens doors", async () => {
    const { text } = await post(stack.origin, "TokenService/ListTokens", secret);
    expect(text).not.toContain(secret.slice(9));
    expect(text).not.toMatch(/hash|secret/i);
  });
});

describe("API4, resource consumption (rates: rate-limits.test.ts; sizes and slowness: test/http)", () => {
  it("bounds what one call may ask for", async () => {
    for (const [method, body] of [
      ["TrialService/AskTrials", { study: "s", count: 1_001 }],
      ["TrialService/ListTrials", { study: "s", pageSize: -1 }],
      ["TrialService/EnqueueTrials", { study: "s", trials: Array.from({ length: 10_001 }, () => ({})) }],
      ["StudyService/CreateStudy", { study: { displayName: "x".repeat(10_000) } }],
    ] as const) {
      expect((await post(stack.origin, method, secret, body)).status, method).toBe(400);
    }
    const tooLarge = await post(
      stack.origin,
      "StudyService/GetStudy",
      secret,
      JSON.stringify({ study: "x".repeat(5 * 2 ** 20) }),
    );
    expect(tooLarge.status).toBe(429);
    expect(tooLarge.text).toContain("PAYLOAD_TOO_LARGE");
  });
});

test("API5, function level authorization: a token cannot make itself wider (every method: permissions.test.ts)", async () => {
  const { secret: edit } = await stack.identity.createToken({
    projectId,
    displayName: "e",
    scopes: ["edit"],
  });
  for (const method of ["CreateToken", "RotateToken"]) {
    const body = {
      token: { displayName: "x", scopes: ["SCOPE_MANAGE"] },
      name: `projects/default/tokens/${tokenId}`,
    };
    const { status } = await post(
      stack.origin,
      `TokenService/${method}`,
      edit,
      method === "CreateToken" ? { token: body.token } : { name: body.name },
    );
    expect(status, method).toBe(403);
  }
});

test("API6, sensitive flows: a leaked worker's token cannot burn a study's budget beyond its cap", async () => {
  await stack.studies.create(specOfTest(projectId, "budget"));
  const { secret: leaked } = await stack.identity.createToken({
    projectId,
    displayName: "w",
    study: "budget",
    maxAsks: 5,
  });
  const asks = await Promise.all(
    Array.from({ length: 30 }, () =>
      post(stack.origin, "TrialService/AskTrials", leaked, { study: "budget", count: 2 }),
    ),
  );
  const trials = asks
    .filter(({ status }) => status === 200)
    .flatMap(({ text }) => (JSON.parse(text) as { trials: unknown[] }).trials);
  expect(trials).toHaveLength(5);
  expect((await post(stack.origin, "TrialService/AskTrials", leaked, { study: "s" })).status).toBe(404);
});

test("API7, request forgery: no address that a caller gives is ever dialled", async () => {
  let visits = 0;
  const bait = createServer((_req, res) => {
    visits++;
    res.end();
  });
  bait.on("connection", () => visits++);
  await new Promise<void>((ready) => bait.listen(0, "127.0.0.1", ready));
  onTestFinished(() => void bait.close());
  const url = `http://127.0.0.1:${(bait.address() as AddressInfo).port}/`;
  const study = {
    displayName: url,
    note: `![](${url})`,
    labels: { url },
    attributes: { webhook: url, callback: { url } },
    parameters: [{ name: "x", categorical: { choices: [url] } }],
  };
  const headers = {
    "x-forwarded-host": url,
    "x-forwarded-for": "127.0.0.1",
    forwarded: `host=${url}`,
    origin: url,
    referer: url,
  };
  const response = await fetch(`${origin}/asktell.v1.StudyService/CreateStudy`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${server.token}`, ...headers },
    body: JSON.stringify({ studyId: "bait", study }),
  });
  expect(response.status).toBe(200);
  await post(origin, "TrialService/AskTrials", server.token, { study: "bait", worker: url });
  await post(origin, "TrialService/TellTrial", server.token, {
    trial: "bait/trials/0",
    failure: url,
    state: "TRIAL_STATE_FAILED",
  });
  await post(origin, "TokenService/CreateToken", server.token, { token: { displayName: url } });
  for (const path of ["/login?next=", "/login/callback?iss=", "/?url="])
    await fetch(origin + path + encodeURIComponent(url), { redirect: "manual" });
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(visits).toBe(0);
});

describe("API8, misconfiguration", () => {
  const everywhere = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=31536000",
    "cross-origin-resource-policy": "same-origin",
  };
  const closed = "default-src 'none'; frame-ancestors 'none'";

  it.each([
    [
      "a page",
      "/",
      { accept: "text/html" },
      "no-cache",
      /^default-src 'none'; script-src 'self'.*frame-ancestors 'none'/,
    ],
    ["an RPC without a token", "/asktell.v1.StudyService/ListStudies", {}, "no-store", closed],
    ["nothing", "/nowhere", {}, "no-store", closed],
    ["a probe", "/healthz", {}, "no-store", closed],
    ["metrics", "/metrics", {}, "no-store", closed],
    ["a gateway", "/api/version", {}, "no-store", closed],
    ["an address with a token", "/t/at_x/healthz", {}, "no-store, private", closed],
  ] as const)("protects %s by its headers", async (_name, path, headers, cache, policy) => {
    const answer = await fetch(origin + path, { headers });
    expect(Object.fromEntries(answer.headers)).toMatchObject({ ...everywhere, "cache-control": cache });
    const found = answer.headers.get("content-security-policy") ?? "";
    if (typeof policy === "string") expect(found).toBe(policy);
    else expect(found).toMatch(policy);
    expect(found).not.toMatch(/unsafe-inline|unsafe-eval/);
    expect(answer.headers.get("server")).toBeNull();
    expect(answer.headers.get("x-powered-by")).toBeNull();
  });

  it("invites no other origin, asked beforehand or not", async () => {
    const asked = await fetch(`${origin}/asktell.v1.StudyService/ListStudies`, {
      method: "OPTIONS",
      headers: {
        origin: "https://attacker.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization",
      },
    });
    const plain = await fetch(`${origin}/asktell.v1.StudyService/ListStudies`, {
      method: "POST",
      headers: {
        origin: "https://attacker.example",
        "content-type": "application/json",
        authorization: `Bearer ${server.token}`,
      },
      body: "{}",
    });
    for (const { headers } of [asked, plain]) {
      expect([...headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
    expect(asked.status).toBe(405);
  });

  it("shows nothing of its inside when it fails", async () => {
    for (const body of ["{", '{"study":"\\u0000"}', '{"study":{"a":1}}', "\xff"]) {
      const { text } = await post(origin, "StudyService/GetStudy", server.token, body);
      expect(text).not.toMatch(/node_modules|\.ts:\d|at \w+ \(|select |postgres/i);
    }
  });

  it("refuses names that it does not go by, once it is told its own", async () => {
    const strict = await startTestServer({
      env: { DATABASE_URL: serverDatabase.url, ASKTELL_ALLOWED_HOSTS: "asktell.example.org" },
    });
    onTestFinished(() => strict.stop());
    const { get } = await import("node:http");
    const { port } = new URL(strict.url);
    const statusFor = (host: string) =>
      new Promise(
        (resolve) =>
          void get({ port, host: "127.0.0.1", path: "/api/version", headers: { host } }, (res) => {
            res.resume();
            resolve(res.statusCode);
          }),
      );
    expect(
      await Promise.all(["asktell.example.org", `localhost:${port}`, "attacker.example"].map(statusFor)),
    ).toEqual([200, 200, 421]);
  });
});

test("API9, inventory: what is served is what the protos publish", async () => {
  const published = readdirSync(join(root, "proto/asktell/v1"))
    .filter((file) => file.endsWith("_service.proto"))
    .map(
      (file) =>
        `asktell.v1.${file
          .replace(".proto", "")
          .split("_")
          .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
          .join("")}`,
    );
  const { message } = (await (await fetch(`${origin}/nowhere`)).json()) as { message: string };
  const served = [...message.matchAll(/\/([\w.]+)\/\{Method\}/g)].map(([, name]) => name ?? "");
  expect(served.filter((name) => name.startsWith("asktell")).toSorted()).toEqual(published.toSorted());
  expect(served.filter((name) => !name.startsWith("asktell")).toSorted()).toEqual([
    "grpc.health.v1.Health",
    "grpc.reflection.v1.ServerReflection",
    "grpc.reflection.v1alpha.ServerReflection",
  ]);
});

describe("API10, unsafe consumption (identity provider: test/login)", () => {
  it("takes imported trials as data, whatever their names are", async () => {
    const studies = createClient(StudyService, transportOf(stack, { token: secret }));
    const trials = createClient(TrialService, transportOf(stack, { token: secret }));
    await studies.createStudy({
      studyId: "imported",
      study: { parameters: [{ name: "x", domain: { case: "real", value: { low: 0, high: 1 } } }] },
    });
    const hostile = {
      ["__proto__"]: { polluted: true },
      constructor: { prototype: { polluted: true } },
      toString: "x",
    };
    const attributes = JSON.parse(JSON.stringify(hostile)) as Record<string, string>;
    const { trials: imported } = await trials.importTrials({
      study: "imported",
      trials: [{ params: { x: 0.5 }, values: [Number.NaN], attributes, failure: "'; drop table trial; --" }],
    });
    expect(imported[0]?.state).toBeDefined();
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    for (const params of [{ x: 2 }, { x: 0.5, ["__proto__"]: 1 }, { constructor: 1 }, {}]) {
      await expect(
        trials.importTrials({
          study: "imported",
          trials: [{ params: JSON.parse(JSON.stringify(params)) as Record<string, number>, values: [1] }],
        }),
      ).rejects.toThrow();
    }
    const { totalSize } = await trials.listTrials({ study: "imported" });
    expect(totalSize).toBe(1);
  });

  it("keeps a project's name what a name may be", async () => {
    const projects = createClient(ProjectService, transportOf(stack, { user: await stack.newUser("namer") }));
    for (const projectId_ of ["../x", "a/b", "", "-a", "x".repeat(64), "a b", "ü"]) {
      await expect(projects.createProject({ projectId: projectId_ })).rejects.toThrow(/project_id/);
    }
  });
});
