import type { Orm } from "../orm.ts";
import { withRetry } from "../retry.ts";

/** What is remembered of somebody who was sent to the identity provider. */
export interface LoginAttemptRow {
  /** SHA-256 of the cookie of the browser that was sent. */
  readonly browserHash: Buffer;
  readonly nonce: string;
  readonly verifier: string;
  /** The path to return to. */
  readonly next: string;
}

export interface LoginTable {
  /** Removes expired attempts on the way. */
  addAttempt(attempt: LoginAttemptRow & { hash: Buffer; validSeconds: number }): Promise<void>;
  /** Takes an attempt out, so that it serves once; undefined for one that is unknown, used or expired. */
  takeAttempt(hash: Buffer): Promise<LoginAttemptRow | undefined>;
  /** Removes expired links on the way. */
  addLink(link: { hash: Buffer; validSeconds: number }): Promise<void>;
  /** Uses a link up; false for one that is unknown, used or expired. */
  takeLink(hash: Buffer): Promise<boolean>;
}

/** Calls go on trying for `deadlineMs` while the database is away, then throw StoreUnavailableError. */
export function createLoginTable(orm: Orm, deadlineMs: number): LoginTable {
  // What was taken by a statement whose answer was lost is gone: a second try would say so, too.
  const query = <Row extends object>(text: string, values: unknown[]) =>
    withRetry(
      async () => {
        const pool = await orm.em.getConnection().getNativeClient();
        return (await pool.query<Row>(text, values)).rows;
      },
      { idempotent: false, deadlineMs },
    );

  return {
    async addAttempt({ hash, browserHash, nonce, verifier, next, validSeconds }) {
      await query("delete from login_attempt where expires_at < now()", []);
      await query(
        `insert into login_attempt (hash, browser_hash, nonce, verifier, next, expires_at)
         values ($1, $2, $3, $4, $5, now() + make_interval(secs => $6))`,
        [hash, browserHash, nonce, verifier, next, validSeconds],
      );
    },

    async takeAttempt(hash) {
      const [row] = await query<LoginAttemptRow & { isLive: boolean }>(
        `delete from login_attempt where hash = $1
         returning browser_hash as "browserHash", nonce, verifier, next, expires_at > now() as "isLive"`,
        [hash],
      );
      if (row === undefined || !row.isLive) return undefined;
      const { browserHash, nonce, verifier, next } = row;
      return { browserHash, nonce, verifier, next };
    },

    async addLink({ hash, validSeconds }) {
      await query("delete from login_link where expires_at < now()", []);
      await query(
        "insert into login_link (hash, expires_at) values ($1, now() + make_interval(secs => $2))",
        [hash, validSeconds],
      );
    },

    async takeLink(hash) {
      const rows = await query<{ isLive: boolean }>(
        `delete from login_link where hash = $1 returning expires_at > now() as "isLive"`,
        [hash],
      );
      return rows[0]?.isLive === true;
    },
  };
}
