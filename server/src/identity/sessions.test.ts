import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { useTestPostgres } from "../../../test/support/postgres.ts";
import { createSessionTable } from "../store/cold/sessions.ts";
import { createUserTable } from "../store/cold/users.ts";
import { migrate } from "../store/migrate.ts";
import { type Orm, createOrm } from "../store/orm.ts";
import { ProviderError, RateLimitError, SessionError } from "./errors.ts";
import { createCode } from "./one-time-code.ts";
import type { ProviderTokens } from "./provider.ts";
import { createRateLimits, noRateLimits } from "./rate-limits.ts";
import { type Sessions, createSessions } from "./sessions.ts";
import { type User, createUsers } from "./users.ts";

const log = { info: () => {}, warn: vi.fn<(message: string) => void>() };
const database = useTestPostgres({
  name: "migrated",
  build: async (connection) => void (await migrate({ connection, log })),
});

const minute = 60_000;
const hour = 60 * minute;
const address = "10.0.0.7";
const browser = { address, userAgent: "a browser" };
/** Unknown sessions a minute from one address. */
const guesses = 3;

/** Two replicas on one database, with the same clock, ahead of the database's by `skip`. */
let skip = 0;
let orm: Orm;
let user: User;
let lookUps = 0;
let reseals = 0;
let asked: ProviderTokens[] = [];
let provider: (tokens: ProviderTokens) => Promise<ProviderTokens>;
const replicas: Sessions[] = [];
const first = () => replicas[0]!;
const second = () => replicas[1]!;

beforeAll(async () => {
  orm = await createOrm({ connection: database.connection });
  const table = createSessionTable(orm, 5_000);
  user = await createUsers(createUserTable(orm, 5_000)).localUser();
  for (let i = 0; i < 2; i++) {
    replicas.push(
      createSessions({
        table: {
          ...table,
          findByHash(hash) {
            lookUps++;
            return table.findByHash(hash);
          },
          async reseal(id, sealed) {
            await table.reseal(id, sealed);
            reseals++;
          },
        },
        recheck(tokens) {
          asked.push(tokens);
          return provider(tokens);
        },
        limits: createRateLimits({ ...noRateLimits, failures: guesses }),
        now: () => Date.now() + skip,
        log,
        lifetimeMs: 12 * hour,
        idleMs: 2 * hour,
        checkMs: hour / 4,
      }),
    );
  }
});
afterAll(() => orm?.close());
beforeEach(() => {
  [skip, lookUps, reseals, asked] = [0, 0, 0, []];
  provider = (tokens) => Promise.resolve(tokens);
  log.warn.mockClear();
});

const start = (tokens?: ProviderTokens) =>
  first().startSession({ user, method: tokens === undefined ? "link" : "provider", tokens, ...browser });

test("a session is found by its secret, with its user, at every replica", async () => {
  const secret = await start();
  for (const replica of replicas) {
    expect(await replica.findSession(secret, address)).toMatchObject({ user, method: "link", ...browser });
  }
});

test("what is found is remembered for 5 seconds", async () => {
  const secret = await start();
  for (let i = 0; i < 10; i++) await first().findSession(secret, address);
  expect(lookUps).toBe(1);
  skip = 5_001;
  await first().findSession(secret, address);
  expect(lookUps).toBe(2);
});

test.each(["", "x", createCode(), "é".repeat(43)])("%j is no session", async (secret) => {
  await expect(first().findSession(secret, address)).rejects.toThrow(SessionError);
});

test("a session ends at its time, also while it is remembered", async () => {
  const secret = await start();
  await first().findSession(secret, address);
  skip = 12 * hour + minute;
  await expect(first().findSession(secret, address)).rejects.toThrow(
    "Your session has ended. Sign in again.",
  );
});

test("a session ends after the idle time, and lives as long as it is used more often", async () => {
  const [used, left] = [await start(), await start()];
  await first().findSession(left, address);
  await first().findSession(used, address);
  // The database's clock stays, so uses are noted as of now: the first replica's memory must know better.
  skip = 2 * hour - 1_000;
  await first().findSession(used, address);
  skip = 2 * hour + 1_000;
  await expect(first().findSession(left, address)).rejects.toThrow(SessionError);
});

test("sessions end by their owner's wish: one, or all, and at the other replica within 5 seconds", async () => {
  const secrets = [await start(), await start(), await start()];
  for (const secret of secrets) for (const replica of replicas) await replica.findSession(secret, address);
  const sessions = await first().listSessions(user.id);
  const { id } = await first().findSession(secrets[0]!, address);
  expect(sessions.map((session) => session.id)).toContain(id);

  await first().revokeSessions({ userId: user.id, id });
  await expect(first().findSession(secrets[0]!, address)).rejects.toThrow(SessionError);
  expect((await second().findSession(secrets[0]!, address)).id).toBe(id);
  skip = 5_001;
  await expect(second().findSession(secrets[0]!, address)).rejects.toThrow(SessionError);
  await first().findSession(secrets[1]!, address);

  await first().revokeSessions({ userId: user.id });
  skip = 10_003;
  for (const secret of secrets)
    await expect(second().findSession(secret, address)).rejects.toThrow(SessionError);
  expect(await first().listSessions(user.id)).toEqual([]);
});

test("nobody ends another person's session", async () => {
  const secret = await start();
  const { id } = await first().findSession(secret, address);
  await first().revokeSessions({ userId: user.id + 1, id });
  skip = 5_001;
  expect((await first().findSession(secret, address)).id).toBe(id);
});

test("ending a session gives back the provider's tokens, once", async () => {
  const tokens = { refreshToken: "refresh", idToken: "id" };
  const secret = await start(tokens);
  expect(await second().endSession(secret, address)).toEqual(tokens);
  expect(await second().endSession(secret, address)).toBeUndefined();
  expect(await second().endSession("nonsense", address)).toBeUndefined();
});

/** Makes it so long ago that the provider was asked about any session. */
async function letTimePass(): Promise<void> {
  skip += 20 * minute;
  const pool = await orm.em.getConnection().getNativeClient();
  await pool.query("update session set checked_at = checked_at - interval '20 minutes'");
}

test("the provider is asked again by one replica, with the tokens that it gave last", async () => {
  provider = () => Promise.resolve({ refreshToken: "second", idToken: "id" });
  const secret = await start({ refreshToken: "first", idToken: "id" });
  await letTimePass();
  await Promise.all(replicas.flatMap((replica) => [1, 2, 3].map(() => replica.findSession(secret, address))));
  await expect.poll(() => reseals).toBe(1);
  expect(asked).toEqual([{ refreshToken: "first", idToken: "id" }]);
  await letTimePass();
  const askedAgain = async (): Promise<ProviderTokens | undefined> => {
    await first().findSession(secret, address);
    return asked[1];
  };
  await expect.poll(askedAgain).toEqual({ refreshToken: "second", idToken: "id" });
  expect(asked).toHaveLength(2);
});

test("a session whose person the provider no longer knows ends", async () => {
  provider = () => Promise.reject(new ProviderError("refused", "invalid_grant"));
  const secret = await start({ refreshToken: "first" });
  await letTimePass();
  await first().findSession(secret, address);
  const find = () => first().findSession(secret, address);
  await expect.poll(() => find().catch((error: unknown) => error)).toBeInstanceOf(SessionError);
});

test("a session goes on while the provider is away, and the log says so", async () => {
  provider = () => Promise.reject(new ProviderError("unreachable", "ECONNREFUSED"));
  const secret = await start({ refreshToken: "first" });
  await letTimePass();
  await first().findSession(secret, address);
  await expect.poll(() => log.warn.mock.calls.flat().join()).toContain("ECONNREFUSED");
  skip += 6_000;
  await first().findSession(secret, address);
});

test("guessing secrets ends with the address refused before the database is asked, but not those who are known there", async () => {
  const secret = await start();
  const from = "192.0.2.7";
  await first().findSession(secret, from);
  const before = lookUps;
  for (let guess = 0; guess < guesses; guess++)
    await expect(first().findSession(createCode(), from)).rejects.toThrow(SessionError);
  await expect(first().endSession(createCode(), from)).rejects.toThrow(RateLimitError);
  await expect(first().findSession(createCode(), from)).rejects.toThrow(RateLimitError);
  expect(lookUps).toBe(before + guesses);
  // Longer than an answer is remembered.
  skip = 6_000;
  await first().findSession(secret, from);
  expect(lookUps).toBe(before + guesses + 1);
  await expect(first().findSession(createCode(), "192.0.2.8")).rejects.toThrow(SessionError);
  await first().endSession(secret, from);
});
