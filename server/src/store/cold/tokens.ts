import type { Orm } from "../orm.ts";
import { withRetry } from "../retry.ts";
import { query } from "./query.ts";

export interface TokenRow {
  readonly id: number;
  readonly project: { readonly id: number; readonly name: string };
  readonly displayName: string;
  readonly hint: string;
  /** 1 read, 2 work, 3 manage, 4 edit. */
  readonly scope: number;
  /** 1 for programs, 2 a link to look at a study. */
  readonly kind: number;
  /** The only study that it reaches; its name is undefined once it is deleted. Undefined: the whole project. */
  readonly study: { readonly id: number; readonly name: string | undefined } | undefined;
  /** How many trials it may be handed; undefined: any number. */
  readonly maxAsks: number | undefined;
  /** How many it was handed, with those that it has replaced; counted for tokens with a cap only. */
  readonly asks: number;
  /** The token that counts. */
  readonly originId: number;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly lastUsedAt: Date | undefined;
  /** The address of its last use; empty if never used. */
  readonly lastUsedFrom: string;
  /** Lies ahead for a token that was rotated and still overlaps with its successor. */
  readonly revokedAt: Date | undefined;
  /** Whether that time has come, by the database's clock. */
  readonly isRevoked: boolean;
}

export interface NewTokenRow {
  readonly projectId: number;
  /** The user who made it; undefined: a token or the command line did. */
  readonly userId: number | undefined;
  readonly displayName: string;
  readonly hint: string;
  readonly hash: Buffer;
  readonly scope: number;
  readonly kind: number;
  /** Undefined: the whole project. */
  readonly study: string | undefined;
  readonly maxAsks: number | undefined;
  /** Counted from the database's clock. */
  readonly validSeconds: number;
}

/** A token's successor. */
export interface RotationRow {
  readonly projectId: number;
  readonly id: number;
  readonly hint: string;
  readonly hash: Buffer;
  readonly validSeconds: number;
  /** How long the old one goes on working. */
  readonly overlapSeconds: number;
}

/** When and from where a token was used. */
export interface TokenUse {
  readonly at: Date;
  readonly from: string;
}

export interface TokenTable {
  /** Undefined when the project has no such study. */
  insert(token: NewTokenRow): Promise<TokenRow | undefined>;
  /** Undefined when the project has no such token, or it is no longer good. */
  rotate(rotation: RotationRow): Promise<TokenRow | undefined>;
  findByHash(hash: Buffer): Promise<TokenRow | undefined>;
  /** Newest first, those with a smaller id than `before`. */
  list(query: { projectId: number; limit: number; before: number | undefined }): Promise<TokenRow[]>;
  /** The token as it is now; undefined when the project has no such token. */
  revoke(token: { projectId: number; id: number }): Promise<TokenRow | undefined>;
  /** Notes when tokens were used; a use less than a minute after the noted one is not worth a write. */
  touch(uses: ReadonlyMap<number, TokenUse>): Promise<void>;
  /** Whether there is any token, of any project, revoked and expired ones included. */
  any(): Promise<boolean>;
}

interface Row {
  id: number;
  project_id: number;
  project_name: string;
  display_name: string;
  hint: string;
  scope: number;
  kind: number;
  study_id: number | null;
  study_name: string | null;
  max_asks: number | null;
  asks: number;
  origin_id: number;
  created_at: Date;
  expires_at: Date;
  last_used_at: Date | null;
  last_used_from: string;
  revoked_at: Date | null;
  is_revoked: boolean;
}

const tokens = `
select t.id, t.project_id, p.name as project_name, t.display_name, t.hint, t.scope, t.kind, t.study_id, s.name as study_name, t.max_asks,
  coalesce(o.asks, t.asks) as asks, coalesce(t.origin_id, t.id) as origin_id, t.created_at, t.expires_at, t.last_used_at, t.last_used_from,
  t.revoked_at, coalesce(t.revoked_at <= now(), false) as is_revoked
from api_token t join project p on p.id = t.project_id left join study s on s.id = t.study_id left join api_token o on o.id = t.origin_id`;

/** Calls go on trying for `deadlineMs` while the database is away, then throw StoreUnavailableError. */
export function createTokenTable(orm: Orm, deadlineMs: number): TokenTable {
  const again = <R extends object>(text: string, values: readonly unknown[]) =>
    withRetry(() => query<R>(orm, text, values), { idempotent: true, deadlineMs });
  // The hash is unique: a second run of a lost insert would fail on the first one's row.
  const once = <R extends object>(text: string, values: readonly unknown[]) =>
    withRetry(() => query<R>(orm, text, values), { idempotent: false, deadlineMs });

  async function find(condition: string, values: readonly unknown[]): Promise<TokenRow | undefined> {
    return (await again<Row>(`${tokens} where ${condition}`, values)).map(toRow)[0];
  }

  async function made(rows: readonly { id: number }[]): Promise<TokenRow | undefined> {
    return rows[0] && find("t.id = $1", [rows[0].id]);
  }

  return {
    async insert({ projectId, userId, displayName, hint, hash, scope, kind, study, maxAsks, validSeconds }) {
      const rows = await once<{ id: number }>(
        `insert into api_token (project_id, user_id, display_name, hint, hash, scope, kind, study_id, max_asks, expires_at)
         select $1, $2, $3, $4, $5, $6, $7, s.id, $9, now() + make_interval(secs => $10)
         from (select 1) as one left join study s on s.project_id = $1 and s.name = $8 where $8::text is null or s.id is not null
         returning id`,
        [
          projectId,
          userId ?? null,
          displayName,
          hint,
          hash,
          scope,
          kind,
          study ?? null,
          maxAsks ?? null,
          validSeconds,
        ],
      );
      return made(rows);
    },

    async rotate({ projectId, id, hint, hash, validSeconds, overlapSeconds }) {
      const rows = await once<{ id: number }>(
        `with old as (
           update api_token set revoked_at = now() + make_interval(secs => $6)
           where id = $2 and project_id = $1 and kind = 1 and revoked_at is null and expires_at > now()
           returning *
         )
         insert into api_token (project_id, user_id, display_name, hint, hash, scope, kind, study_id, max_asks, origin_id, expires_at)
         select project_id, user_id, display_name, $3, $4, scope, kind, study_id, max_asks, coalesce(origin_id, id),
           now() + make_interval(secs => $5) from old
         returning id`,
        [projectId, id, hint, hash, validSeconds, overlapSeconds],
      );
      return made(rows);
    },

    findByHash: (hash) => find("t.hash = $1", [hash]),

    async list({ projectId, limit, before }) {
      const rows = await again<Row>(
        `${tokens} where t.project_id = $1 and ($2::bigint is null or t.id < $2) order by t.id desc limit $3`,
        [projectId, before ?? null, limit],
      );
      return rows.map(toRow);
    },

    async revoke({ projectId, id }) {
      await again(
        `update api_token set revoked_at = now()
         where id = $2 and project_id = $1 and (revoked_at is null or revoked_at > now())`,
        [projectId, id],
      );
      return find("t.project_id = $1 and t.id = $2", [projectId, id]);
    },

    async touch(uses) {
      // In the order of their ids, so that two replicas that touch the same tokens do not deadlock.
      const ids = [...uses.keys()].toSorted((a, b) => a - b);
      await query(
        orm,
        `update api_token t set last_used_at = used.at, last_used_from = used.origin
         from unnest($1::bigint[], $2::timestamptz[], $3::text[]) as used (id, at, origin)
         where t.id = used.id and (t.last_used_at is null or t.last_used_at < used.at - interval '1 minute')`,
        [ids, ids.map((id) => uses.get(id)?.at), ids.map((id) => uses.get(id)?.from)],
      );
    },

    async any() {
      return (await again("select id from api_token limit 1", [])).length > 0;
    },
  };
}

function toRow(row: Row): TokenRow {
  return {
    id: row.id,
    project: { id: row.project_id, name: row.project_name },
    displayName: row.display_name,
    hint: row.hint,
    scope: row.scope,
    kind: row.kind,
    study: row.study_id === null ? undefined : { id: row.study_id, name: row.study_name ?? undefined },
    maxAsks: row.max_asks ?? undefined,
    asks: row.asks,
    originId: row.origin_id,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at ?? undefined,
    lastUsedFrom: row.last_used_from,
    revokedAt: row.revoked_at ?? undefined,
    isRevoked: row.is_revoked,
  };
}
