import { raw } from "@mikro-orm/core";
import { Session } from "../entities/index.ts";
import type { Orm } from "../orm.ts";
import { withRetry } from "../retry.ts";
import type { UserRow } from "./users.ts";

/** How somebody signed in: through the identity provider, or by a link that the server printed. */
export type SignInMethod = "provider" | "link";

export interface SessionRow {
  readonly id: number;
  readonly user: UserRow;
  readonly method: SignInMethod;
  /** Whether there are tokens of the provider to ask it again with. */
  readonly isSealed: boolean;
  readonly address: string;
  readonly userAgent: string;
  readonly createdAt: Date;
  readonly seenAt: Date;
  readonly checkedAt: Date;
  readonly expiresAt: Date;
}

export interface NewSessionRow {
  readonly userId: number;
  readonly hash: Buffer;
  readonly method: SignInMethod;
  readonly sealed: Buffer | undefined;
  readonly address: string;
  readonly userAgent: string;
  /** Counted from the database's clock. */
  readonly lifetimeSeconds: number;
}

export interface SessionTable {
  /** Removes expired sessions on the way. */
  insert(session: NewSessionRow): Promise<void>;
  findByHash(hash: Buffer): Promise<SessionRow | undefined>;
  /** Unexpired ones, last used first. */
  list(userId: number): Promise<SessionRow[]>;
  /** Notes a use; one less than `everySeconds` after the noted one is not worth a write. */
  touch(id: number, everySeconds: number): Promise<void>;
  /**
   * Takes the turn to ask the provider about a session: of all that try, one gets what is sealed, and nobody for the
   * next `everySeconds`.
   */
  claimCheck(id: number, everySeconds: number): Promise<Buffer | undefined>;
  reseal(id: number, sealed: Buffer): Promise<void>;
  /** Ends a session; answers what was sealed with it, undefined when there was none. */
  removeByHash(hash: Buffer): Promise<{ id: number; sealed: Buffer | undefined } | undefined>;
  /** Ends sessions of a user, all of them or the one with the id; answers the ids of those that ended. */
  remove(sessions: { userId: number; id?: number }): Promise<number[]>;
}

/** Calls go on trying for `deadlineMs` while the database is away, then throw StoreUnavailableError. */
export function createSessionTable(orm: Orm, deadlineMs: number): SessionTable {
  const again = <T>(attempt: () => Promise<T>) => withRetry(attempt, { idempotent: true, deadlineMs });

  /** For what must answer the rows that it changed. */
  const query = <Row extends object>(text: string, values: unknown[]) =>
    again(async () => {
      const pool = await orm.em.getConnection().getNativeClient();
      return (await pool.query<Row>(text, values)).rows;
    });

  return {
    async insert({ userId, lifetimeSeconds, ...columns }) {
      await again(() => orm.em.fork().nativeDelete(Session, { expiresAt: { $lt: raw<Date>("now()") } }));
      const expiresAt = raw<Date>("now() + make_interval(secs => ?)", [lifetimeSeconds]);
      const insert = () =>
        orm.em.fork().insert(Session, {
          ...columns,
          user: userId,
          sealed: columns.sealed ?? null,
          expiresAt,
        });
      await withRetry(insert, { idempotent: false, deadlineMs });
    },

    async findByHash(hash) {
      const find = () => orm.em.fork().findOne(Session, { hash }, { populate: ["user"] });
      const row = await again(find);
      return row === null ? undefined : toRow(row);
    },

    async list(userId) {
      const where = { user: userId, expiresAt: { $gt: raw<Date>("now()") } };
      const find = () =>
        orm.em.fork().find(Session, where, { populate: ["user"], orderBy: { seenAt: "desc", id: "desc" } });
      return (await again(find)).map(toRow);
    },

    async touch(id, everySeconds) {
      await query(
        "update session set seen_at = now() where id = $1 and seen_at < now() - make_interval(secs => $2)",
        [id, everySeconds],
      );
    },

    async claimCheck(id, everySeconds) {
      const rows = await query<{ sealed: Buffer }>(
        `update session set checked_at = now()
         where id = $1 and sealed is not null and checked_at < now() - make_interval(secs => $2) returning sealed`,
        [id, everySeconds],
      );
      return rows[0]?.sealed;
    },

    async reseal(id, sealed) {
      await again(() => orm.em.fork().nativeUpdate(Session, { id }, { sealed }));
    },

    async removeByHash(hash) {
      const [row] = await query<{ id: string; sealed: Buffer | null }>(
        "delete from session where hash = $1 returning id, sealed",
        [hash],
      );
      return row === undefined ? undefined : { id: Number(row.id), sealed: row.sealed ?? undefined };
    },

    async remove({ userId, id = null }: { userId: number; id?: number | null }) {
      const rows = await query<{ id: string }>(
        "delete from session where user_id = $1 and ($2::bigint is null or id = $2) returning id",
        [userId, id],
      );
      return rows.map((row) => Number(row.id));
    },
  };
}

type LoadedSession = Omit<SessionRow, "isSealed"> & { readonly sealed?: Buffer | null | undefined };

function toRow(session: LoadedSession): SessionRow {
  const { id, user, method, sealed, address, userAgent, createdAt, seenAt, checkedAt, expiresAt } = session;
  const { issuer, subject, email, emailVerified, displayName, groups } = user;
  return {
    id,
    user: { id: user.id, issuer, subject, email, emailVerified, displayName, groups },
    method,
    isSealed: sealed !== null && sealed !== undefined,
    address,
    userAgent,
    createdAt,
    seenAt,
    checkedAt,
    expiresAt,
  };
}
