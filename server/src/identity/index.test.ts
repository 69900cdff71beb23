import { afterAll, beforeAll, expect, test } from "vitest";
import { useTestPostgres } from "../../../test/support/postgres.ts";
import { migrate } from "../store/migrate.ts";
import { type Orm, createOrm } from "../store/orm.ts";
import { type Identity, createIdentity, defaultProjectName } from "./index.ts";
import { createSecret } from "./secret.ts";

const log = { info: () => {}, warn: () => {} };
const visit = { address: "", isRead: true };
const database = useTestPostgres({
  name: "migrated",
  build: async (connection) => void (await migrate({ connection, log })),
});

/** Two replicas on one database, with the same clock. */
const clock = { skip: 0 };
const orms: Orm[] = [];
const replicas: Identity[] = [];
let projectId: number;

beforeAll(async () => {
  for (let i = 0; i < 2; i++) {
    const orm = await createOrm({ connection: database.connection });
    orms.push(orm);
    replicas.push(createIdentity({ orm, log, now: () => Date.now() + clock.skip }));
  }
  projectId = (await first().getProject(defaultProjectName)).id;
});

afterAll(async () => {
  for (const replica of replicas) await replica.stop();
  for (const orm of orms) await orm.close();
});

const first = () => replicas[0]!;
const second = () => replicas[1]!;

test("it knows whether any token was ever made", async () => {
  expect(await first().hasTokens()).toBe(false);
  await first().createToken({ projectId, displayName: "first" });
  expect(await second().hasTokens()).toBe(true);
});

test("a token made on one replica works on all, with the widest of its scopes", async () => {
  const { token, secret } = await first().createToken({
    projectId,
    displayName: "cluster",
    scopes: ["work", "manage", "read"],
  });
  for (const replica of replicas) {
    const principal = await replica.authenticate(secret, visit);
    expect(principal.actor).toEqual({ kind: "token", id: token.id });
    expect(principal.project).toEqual({ id: projectId, name: "default" });
    expect([...principal.access.values()].map(({ scope }) => scope)).toEqual(["manage"]);
  }
});

test("a token works 30 days, for work, unless its maker says otherwise", async () => {
  const { token } = await first().createToken({ projectId, displayName: "default" });
  expect(token.scope).toBe("work");
  expect(token.expiresAt.getTime() - token.createdAt.getTime()).toBe(30 * 86_400_000);
  const { token: short } = await first().createToken({ projectId, displayName: "s", validSeconds: 86_400 });
  expect(short.expiresAt.getTime() - short.createdAt.getTime()).toBe(86_400_000);
});

test("a token revoked on one replica is refused there at once, and elsewhere within 5 seconds", async () => {
  const { token, secret } = await first().createToken({ projectId, displayName: "lost laptop" });
  for (const replica of replicas) await replica.authenticate(secret, visit);
  const revoked = await first().revokeToken({ projectId, id: token.id });
  expect(revoked.revokedAt).toBeInstanceOf(Date);
  await expect(first().authenticate(secret, visit)).rejects.toMatchObject({ reason: "TOKEN_REVOKED" });
  clock.skip += 5_000;
  await expect(second().authenticate(secret, visit)).rejects.toMatchObject({ reason: "TOKEN_REVOKED" });
  expect(await second().revokeToken({ projectId, id: token.id })).toEqual(revoked);
});

test("an expired token says so, an unknown one that it is unknown", async () => {
  const { secret } = await first().createToken({ projectId, displayName: "old", validSeconds: 86_400 });
  clock.skip += 86_400_000;
  await expect(second().authenticate(secret, visit)).rejects.toMatchObject({ reason: "TOKEN_EXPIRED" });
  clock.skip -= 86_400_000;
  await expect(second().authenticate(createSecret(), visit)).rejects.toMatchObject({
    reason: "TOKEN_INVALID",
  });
});

test("neither the secret nor its hash can be read back", async () => {
  const { secret } = await first().createToken({ projectId, displayName: "secret" });
  const { tokens } = await first().listTokens({ projectId });
  expect(JSON.stringify(tokens)).not.toContain(secret);
  expect(Object.keys(tokens[0] ?? {})).not.toContain("hash");
  const rows = await orms[0]!.em.fork().execute("select t::text as row from api_token t");
  expect(JSON.stringify(rows)).not.toContain(secret.slice(10));
});

test("tokens are listed newest first, page by page", async () => {
  for (const displayName of ["a", "b", "c"]) await first().createToken({ projectId, displayName });
  const page = await first().listTokens({ projectId, pageSize: 2 });
  expect(page.tokens.map((token) => token.displayName)).toEqual(["c", "b"]);
  const next = await first().listTokens({ projectId, pageSize: 1, pageToken: page.nextPageToken });
  expect(next.tokens.map((token) => token.displayName)).toEqual(["a"]);
  const all = await first().listTokens({ projectId, pageSize: 1_000 });
  expect(all.nextPageToken).toBe("");
  await expect(first().listTokens({ projectId, pageToken: "x" })).rejects.toMatchObject({
    field: "page_token",
  });
});

test.each([`o'brien "\\' ?? $1; drop table api_token; --`, "größer 🚀", "line\nbreak"])(
  "the name %j is kept as it is",
  async (displayName) => {
    const { token } = await first().createToken({ projectId, displayName });
    expect(token.displayName).toBe(displayName);
  },
);

test.each([
  [{ displayName: "" }, "token.display_name"],
  [{ displayName: "x".repeat(101) }, "token.display_name"],
  [{ displayName: "nul\0" }, "token.display_name"],
  [{ displayName: "x", validSeconds: 86_399 }, "validity"],
  [{ displayName: "x", validSeconds: 365 * 86_400 + 1 }, "validity"],
  [{ displayName: "x", validSeconds: Number.NaN }, "validity"],
])("a token of %j is refused, naming the field", async (token, field) => {
  await expect(first().createToken({ projectId, ...token })).rejects.toMatchObject({ field });
});

test("a token of another project is not found", async () => {
  const { token } = await first().createToken({ projectId, displayName: "ours" });
  await expect(first().revokeToken({ projectId: projectId + 1, id: token.id })).rejects.toThrow("no token");
  await expect(first().getProject("nowhere")).rejects.toThrow('no project "nowhere"');
});

test("the last use of a token is noted, to the minute", async () => {
  const { token, secret } = await first().createToken({ projectId, displayName: "used" });
  const lastUse = async () =>
    (await first().listTokens({ projectId })).tokens.find(({ id }) => id === token.id)?.lastUsedAt;
  expect(await lastUse()).toBeUndefined();
  await first().authenticate(secret, visit);
  await first().flush();
  const noted = await lastUse();
  expect(noted).toBeInstanceOf(Date);
  await second().authenticate(secret, visit);
  await second().flush();
  expect(await lastUse()).toEqual(noted);
  clock.skip += 61_000;
  await second().authenticate(secret, visit);
  await second().flush();
  expect((await lastUse())?.getTime()).toBeGreaterThan((noted?.getTime() ?? 0) + 60_000);
});

test("without a database a token is not called invalid: the store is called unavailable", async () => {
  const orm = await createOrm({ connection: { ...database.connection, host: "/nowhere" } });
  const cutOff = createIdentity({ orm, log, deadlineMs: 100 });
  await expect(cutOff.authenticate(createSecret(), visit)).rejects.toMatchObject({
    name: "StoreUnavailableError",
    kind: "unreachable",
  });
  await cutOff.stop();
  await orm.close();
});
