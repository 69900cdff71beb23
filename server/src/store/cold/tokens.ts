import { raw } from "@mikro-orm/core";
import { ApiToken } from "../entities/index.ts";
import type { Orm } from "../orm.ts";
import { withRetry } from "../retry.ts";

export interface TokenRow {
  readonly id: number;
  readonly project: { readonly id: number; readonly name: string };
  readonly displayName: string;
  readonly hint: string;
  /** 1 read, 2 work, 3 manage. */
  readonly scope: number;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly lastUsedAt: Date | undefined;
  readonly revokedAt: Date | undefined;
}

export interface NewTokenRow {
  readonly projectId: number;
  readonly displayName: string;
  readonly hint: string;
  readonly hash: Buffer;
  readonly scope: number;
  /** Counted from the database's clock. */
  readonly validSeconds: number;
}

export interface TokenTable {
  insert(token: NewTokenRow): Promise<TokenRow>;
  findByHash(hash: Buffer): Promise<TokenRow | undefined>;
  /** Newest first, those with a smaller id than `before`. */
  list(query: { projectId: number; limit: number; before: number | undefined }): Promise<TokenRow[]>;
  /** The token as it is now; undefined when the project has no such token. */
  revoke(token: { projectId: number; id: number }): Promise<TokenRow | undefined>;
  /** Notes when tokens were used; a use less than a minute after the noted one is not worth a write. */
  touch(uses: ReadonlyMap<number, Date>): Promise<void>;
  /** Whether there is any token, of any project, revoked and expired ones included. */
  any(): Promise<boolean>;
}

/** Calls go on trying for `deadlineMs` while the database is away, then throw StoreUnavailableError. */
export function createTokenTable(orm: Orm, deadlineMs: number): TokenTable {
  const again = <T>(attempt: () => Promise<T>) => withRetry(attempt, { idempotent: true, deadlineMs });
  const once = <T>(attempt: () => Promise<T>) => withRetry(attempt, { idempotent: false, deadlineMs });

  const find = (where: { hash: Buffer } | { id: number; project: number }) =>
    again(async () => {
      const row = await orm.em.fork().findOne(ApiToken, where, { populate: ["project"] });
      return row === null ? undefined : toRow(row);
    });

  return {
    async insert({ projectId, validSeconds, ...columns }) {
      const expiresAt = raw<Date>("now() + make_interval(secs => ?)", [validSeconds]);
      // The hash is unique: a second run of a lost insert would fail on the first one's row.
      const id = await once(() =>
        orm.em.fork().insert(ApiToken, { ...columns, project: projectId, expiresAt }),
      );
      const row = await find({ id, project: projectId });
      if (row === undefined) throw new Error(`token ${id} vanished while it was made`);
      return row;
    },

    findByHash: (hash) => find({ hash }),

    async list({ projectId, limit, before }) {
      const where = { project: projectId, ...(before === undefined ? {} : { id: { $lt: before } }) };
      const options = { populate: ["project"], orderBy: { id: "desc" }, limit } as const;
      return (await again(() => orm.em.fork().find(ApiToken, where, options))).map(toRow);
    },

    async revoke({ projectId, id }) {
      const own = { id, project: projectId };
      const change = { revokedAt: raw<Date>("now()") };
      await again(() => orm.em.fork().nativeUpdate(ApiToken, { ...own, revokedAt: null }, change));
      return find(own);
    },

    async touch(uses) {
      // In the order of their ids, so that two replicas that touch the same tokens do not deadlock.
      const ids = [...uses.keys()].toSorted((a, b) => a - b);
      const times = ids.map((id) => uses.get(id));
      const pool = await orm.em.getConnection().getNativeClient();
      await pool.query(
        `update api_token t set last_used_at = used.at
         from unnest($1::bigint[], $2::timestamptz[]) as used (id, at)
         where t.id = used.id and (t.last_used_at is null or t.last_used_at < used.at - interval '1 minute')`,
        [ids, times],
      );
    },

    async any() {
      const find = () => orm.em.fork().find(ApiToken, {}, { fields: ["id"], limit: 1 });
      return (await again(find)).length > 0;
    },
  };
}

type LoadedToken = Omit<TokenRow, "lastUsedAt" | "revokedAt"> & {
  readonly lastUsedAt?: Date | null | undefined;
  readonly revokedAt?: Date | null | undefined;
};

function toRow(token: LoadedToken): TokenRow {
  const { id, project, displayName, hint, scope, createdAt, expiresAt } = token;
  return {
    id,
    project: { id: project.id, name: project.name },
    displayName,
    hint,
    scope,
    createdAt,
    expiresAt,
    lastUsedAt: token.lastUsedAt ?? undefined,
    revokedAt: token.revokedAt ?? undefined,
  };
}
