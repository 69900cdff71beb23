import { expect, test } from "vitest";
import type { TokenRow } from "../store/cold/tokens.ts";
import { createAuthenticator } from "./authenticator.ts";
import { createSecret, hashSecret } from "./secret.ts";

const hour = 3_600_000;
const project = { id: 1, name: "default" };

/** An authenticator over a table of one token, with a clock and a count of look-ups. */
function setUp() {
  const secret = createSecret();
  const state = {
    now: 1_000 * hour,
    lookUps: 0,
    used: [] as number[],
    down: false,
    delay: Promise.resolve(),
    row: tokenRow(1_001 * hour) as TokenRow | undefined,
  };
  const authenticator = createAuthenticator({
    async find(hash) {
      state.lookUps++;
      const { down, row, delay } = state;
      await delay;
      if (down) throw new Error("connection refused");
      return hash.equals(hashSecret(secret)) ? row : undefined;
    },
    used: (id) => state.used.push(id),
    now: () => state.now,
  });
  return { secret, state, authenticator };
}

function tokenRow(expiresAt: number): TokenRow {
  return {
    id: 7,
    project: { id: 1, name: "default" },
    displayName: "cluster",
    hint: "at_00000",
    scope: 2,
    kind: 1,
    study: undefined,
    maxAsks: undefined,
    asks: 0,
    originId: 7,
    lastUsedFrom: "",
    isRevoked: false,
    createdAt: new Date(expiresAt - 720 * hour),
    expiresAt: new Date(expiresAt),
    lastUsedAt: undefined,
    revokedAt: undefined,
  };
}

test("a known token says who calls, and is noted as used", async () => {
  const { secret, state, authenticator } = setUp();
  expect(await authenticator.authenticate(secret)).toEqual({
    actor: { kind: "token", id: 7 },
    displayName: "cluster",
    project,
    access: new Map([["default", { project, scope: "work", study: undefined }]]),
    cappedBy: undefined,
  });
  expect(state.used).toEqual([7]);
});

test("a mistyped token is refused without a look-up", async () => {
  const { secret, state, authenticator } = setUp();
  const mistyped = `${secret.slice(0, -1)}${secret.endsWith("0") ? "1" : "0"}`;
  await expect(authenticator.authenticate(mistyped)).rejects.toMatchObject({ reason: "TOKEN_INVALID" });
  expect(state.lookUps).toBe(0);
});

test("an unknown token is looked up once in 5 seconds", async () => {
  const { state, authenticator } = setUp();
  const unknown = createSecret();
  for (const elapsed of [0, 4_999, 1]) {
    state.now += elapsed;
    await expect(authenticator.authenticate(unknown)).rejects.toMatchObject({ reason: "TOKEN_INVALID" });
  }
  expect(state.lookUps).toBe(2);
});

test("a token is looked up once in 5 seconds, and concurrent callers share the look-up", async () => {
  const { secret, state, authenticator } = setUp();
  await Promise.all(Array.from({ length: 50 }, () => authenticator.authenticate(secret)));
  state.now += 4_999;
  await authenticator.authenticate(secret);
  expect(state.lookUps).toBe(1);
  state.now += 1;
  await authenticator.authenticate(secret);
  expect(state.lookUps).toBe(2);
});

test("a flood of unknown tokens does not evict the known one", async () => {
  const { secret, state, authenticator } = setUp();
  await authenticator.authenticate(secret);
  for (let i = 0; i < 10_001; i++) {
    await authenticator.authenticate(createSecret()).catch(() => undefined);
  }
  const before = state.lookUps;
  await authenticator.authenticate(secret);
  expect(state.lookUps).toBe(before);
});

test("a token expires to the millisecond, though its row is remembered", async () => {
  const { secret, state, authenticator } = setUp();
  state.now = 1_001 * hour - 1;
  await authenticator.authenticate(secret);
  state.now += 1;
  await expect(authenticator.authenticate(secret)).rejects.toMatchObject({ reason: "TOKEN_EXPIRED" });
});

test("a token revoked elsewhere is refused after 5 seconds at most, one revoked here at once", async () => {
  const { secret, state, authenticator } = setUp();
  await authenticator.authenticate(secret);
  state.row = { ...tokenRow(1_001 * hour), revokedAt: new Date(state.now), isRevoked: true };
  state.now += 5_000;
  await expect(authenticator.authenticate(secret)).rejects.toMatchObject({ reason: "TOKEN_REVOKED" });

  const here = setUp();
  await here.authenticator.authenticate(here.secret);
  here.state.row = { ...tokenRow(1_001 * hour), revokedAt: new Date(here.state.now), isRevoked: true };
  here.authenticator.forget(7);
  await expect(here.authenticator.authenticate(here.secret)).rejects.toMatchObject({
    reason: "TOKEN_REVOKED",
  });
});

test("a look-up that a revocation overtook is not remembered", async () => {
  const { secret, state, authenticator } = setUp();
  const { promise, resolve } = Promise.withResolvers<void>();
  state.delay = promise;
  const early = authenticator.authenticate(secret);
  state.row = { ...tokenRow(1_001 * hour), revokedAt: new Date(state.now), isRevoked: true };
  authenticator.forget(7);
  resolve();
  await early;
  await expect(authenticator.authenticate(secret)).rejects.toMatchObject({ reason: "TOKEN_REVOKED" });
});

test("an outage of the database is bridged for 5 seconds, then it is the store that fails, not the token", async () => {
  const { secret, state, authenticator } = setUp();
  await authenticator.authenticate(secret);
  state.down = true;
  state.now += 4_999;
  await authenticator.authenticate(secret);
  state.now += 1;
  await expect(authenticator.authenticate(secret)).rejects.toThrow("connection refused");
  state.down = false;
  await authenticator.authenticate(secret);
});

test("a token that was rotated goes on until its time has come, remembered or not", async () => {
  const { secret, state, authenticator } = setUp();
  state.row = { ...tokenRow(1_001 * hour), revokedAt: new Date(state.now + 2_000) };
  await authenticator.authenticate(secret);
  state.now += 2_000;
  await expect(authenticator.authenticate(secret)).rejects.toMatchObject({ reason: "TOKEN_REVOKED" });
  expect(state.lookUps).toBe(1);
});

test("a token of a deleted study opens nothing", async () => {
  const { secret, state, authenticator } = setUp();
  state.row = { ...tokenRow(1_001 * hour), study: { id: 3, name: undefined } };
  await expect(authenticator.authenticate(secret)).rejects.toMatchObject({ reason: "TOKEN_REVOKED" });
});

test("a token that was good here lately is looked up again although its address is refused, a strange one is not", async () => {
  const { secret, state, authenticator } = setUp();
  const refused = new Error("too many unknown tokens");
  const refuse = () => Promise.reject(refused);
  await expect(authenticator.authenticate(secret, "192.0.2.7", refuse)).rejects.toBe(refused);
  await authenticator.authenticate(secret);
  for (let step = 0; step < 100; step++) {
    // Longer than a verdict is remembered.
    state.now += 6_000;
    await authenticator.authenticate(secret, "192.0.2.7", refuse);
  }
  expect(state.lookUps).toBe(101);
  await expect(authenticator.authenticate(createSecret(), "192.0.2.7", refuse)).rejects.toBe(refused);
  authenticator.forget(7);
  state.row = undefined;
  await expect(authenticator.authenticate(secret, "192.0.2.7", refuse)).rejects.toMatchObject({
    reason: "TOKEN_INVALID",
  });
});
