import { createClient } from "@connectrpc/connect";
import { Scope } from "@asktell/proto/asktell/v1/access_pb";
import { ProjectService } from "@asktell/proto/asktell/v1/project_service_pb";
import { StudyService } from "@asktell/proto/asktell/v1/study_service_pb";
import { TokenKind, TokenService } from "@asktell/proto/asktell/v1/token_service_pb";
import { beforeAll, describe, expect, it } from "vitest";
import { useTestPostgres } from "../support/postgres.ts";
import { startTestServer } from "../support/server.ts";
import { useTestServer } from "../support/use-server.ts";
import { transportOf } from "./stack.ts";

/* The ways in for other systems' clients ask for the same permissions as the API. */

const database = useTestPostgres();
const server = useTestServer(() =>
  startTestServer({ env: { DATABASE_URL: database.url, ASKTELL_OPTUNAPI: "token" } }),
);
beforeAll(async () => {
  for (const studyId of ["mine", "other"]) {
    await studies().createStudy({
      studyId,
      study: { parameters: [{ name: "x", domain: { case: "real", value: { low: 0, high: 1 } } }] },
    });
  }
});

const transport = () => transportOf({ origin: server.url }, { token: server.token });
const studies = () => createClient(StudyService, transport());
const tokens = () => createClient(TokenService, transport());

async function newToken(fields: {
  scope: Scope;
  study?: string;
  kind?: TokenKind;
  maxAsks?: number;
}): Promise<string> {
  const { scope, ...rest } = fields;
  const { secret } = await tokens().createToken({ token: { displayName: "t", scopes: [scope], ...rest } });
  return secret;
}

const status = async (token: string, path: string, init: RequestInit = {}): Promise<number> =>
  (await fetch(`${server.url}/t/${token}${path}`, init)).status;

const config = { method: "PUT", body: "lr: {name: lr, type: float, low: 0.1, high: 1.0}" };

describe("OptunAPI", () => {
  it("asks and scores within the scope of the token", async () => {
    const found: Record<string, number[]> = {};
    for (const [name, scope] of [
      ["read", Scope.READ],
      ["work", Scope.WORK],
      ["edit", Scope.EDIT],
    ] as const) {
      const token = await newToken({ scope });
      found[name] = [
        await status(token, "/optunapi/hparams/mine"),
        await status(token, `/optunapi/config/by-${name}`, config),
      ];
    }
    expect(found).toEqual({ read: [403, 403], work: [200, 403], edit: [200, 201] });
  });

  it("opens one study to a token for that one, and says of others that there are none", async () => {
    const token = await newToken({ scope: Scope.EDIT, study: "mine" });
    expect(await status(token, "/optunapi/hparams/mine")).toBe(200);
    expect(await status(token, "/optunapi/hparams/other")).toBe(404);
    expect(await status(token, "/optunapi/hparams/missing")).toBe(404);
    expect(await status(token, "/optunapi/score/other?trial_id=0&score=1")).toBe(404);
    expect(await status(token, "/optunapi/config/new", config)).toBe(403);
  });

  it("hands nothing to a share link", async () => {
    const link = await newToken({ scope: Scope.READ, study: "mine", kind: TokenKind.SHARE_LINK });
    expect(await status(link, "/optunapi/hparams/mine")).toBe(403);
  });

  it("counts what it hands out towards the token's cap", async () => {
    const token = await newToken({ scope: Scope.WORK, maxAsks: 2 });
    const answers = [];
    for (let i = 0; i < 4; i++) answers.push(await status(token, "/optunapi/hparams/mine"));
    expect(answers).toEqual([200, 200, 403, 403]);
  });
});

describe("Hopaas", () => {
  const body = JSON.stringify({
    x: "optuna#float(0.0,1.0)",
    hopaas_config: { title: "t", direction: "minimize" },
  });
  const ask = (token: string) => fetch(`${server.url}/api/ask/${token}`, { method: "POST", body });

  it("opens the studies of its clients by the same rules", async () => {
    const bound = await newToken({ scope: Scope.MANAGE, study: "mine" });
    expect((await ask(bound)).status).toBe(404);
    const first = await ask(await newToken({ scope: Scope.EDIT }));
    expect(first.status).toBe(200);
    const { hopaas_trial: trial } = (await first.json()) as { hopaas_trial: string };
    const study = `hopaas-${trial.split(":")[0]}`;
    const good = await newToken({ scope: Scope.WORK, study, maxAsks: 1 });
    expect((await ask(good)).status).toBe(200);
    expect((await ask(good)).status).toBe(403);
    expect((await ask(bound)).status).toBe(404);
    const tell = await fetch(`${server.url}/api/tell/${bound}`, {
      method: "POST",
      body: JSON.stringify({ hopaas_trial: trial, loss: 1 }),
    });
    expect(tell.status).toBe(404);
    const link = await newToken({ scope: Scope.READ, study, kind: TokenKind.SHARE_LINK });
    const best = (token: string) => fetch(`${server.url}/api/get_best_trial/${token}?hopaas_trial=${trial}`);
    expect(await (await best(link)).text()).toMatch(/no trial of this study is complete/);
    expect(await (await best(bound)).text()).not.toMatch(/complete/);
  });
});

it("leaves a row in the audit log for each study that a gateway makes", async () => {
  const token = await newToken({ scope: Scope.EDIT });
  expect(await status(token, "/optunapi/config/audited", config)).toBe(201);
  const { entries } = await createClient(ProjectService, transport()).listAuditEntries({});
  const row = entries.find(({ target }) => target === "projects/default/studies/audited");
  expect(row).toMatchObject({ method: "optunapi/config", outcome: "ok", address: "127.0.0.1" });
});
