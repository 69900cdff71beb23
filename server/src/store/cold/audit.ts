import type { Orm } from "../orm.ts";
import { withRetry } from "../retry.ts";
import { query } from "./query.ts";

export interface NewAuditRow {
  readonly projectId: number;
  readonly actorKind: string;
  readonly actorId: number;
  readonly actorName: string;
  readonly method: string;
  readonly target: string;
  readonly address: string;
}

export interface AuditRow extends NewAuditRow {
  readonly id: number;
  readonly at: Date;
  /** Empty while the attempt runs. */
  readonly outcome: string;
}

export interface AuditTable {
  /** @param outcome - of what is over already */
  open(row: NewAuditRow, outcome?: string): Promise<number>;
  /** @param target - takes the place of the one that it was opened with. Default: that one stays */
  close(id: number, outcome: string, target?: string): Promise<void>;
  /** Removes entries older than so many days, at most 5,000 of them; answers whether there may be more. */
  forget(days: number): Promise<boolean>;
  /** Newest first, those with a smaller id than `before`. */
  list(query: AuditQuery): Promise<AuditRow[]>;
}

/** Which entries of a project; an empty text asks for all. */
export interface AuditFilter {
  readonly actorKind: string;
  /** Counts with a kind of actor that has numbers. */
  readonly actorId: number;
  /** The whole name, `asktell.v1.StudyService/DeleteStudy`, or its last part. */
  readonly method: string;
  /** `ok`, another outcome, or `refused` for every one but `ok`. */
  readonly outcome: string;
}

export interface AuditQuery extends AuditFilter {
  readonly projectId: number;
  readonly limit: number;
  readonly before: number | undefined;
}

interface Row {
  id: number;
  project_id: number;
  at: Date;
  actor_kind: string;
  actor_id: number;
  actor_name: string;
  method: string;
  target: string;
  address: string;
  outcome: string;
}

/** Calls go on trying for `deadlineMs` while the database is away, then throw StoreUnavailableError. */
export function createAuditTable(orm: Orm, deadlineMs: number): AuditTable {
  return {
    async open({ projectId, actorKind, actorId, actorName, method, target, address }, outcome = "") {
      // Not again after a lost connection: the first row would stay beside the second for ever.
      const [row] = await withRetry(
        () =>
          query<{ id: number }>(
            orm,
            `insert into audit_entry (project_id, actor_kind, actor_id, actor_name, method, target, address, outcome)
             values ($1, $2, $3, $4, $5, $6, $7, $8) returning id`,
            [projectId, actorKind, actorId, actorName, method, target, address, outcome],
          ),
        { idempotent: false, deadlineMs },
      );
      if (row === undefined) throw new Error("the audit log took no entry");
      return row.id;
    },

    async close(id, outcome, target) {
      const change = () =>
        query(orm, "update audit_entry set outcome = $2, target = coalesce($3, target) where id = $1", [
          id,
          outcome,
          target ?? null,
        ]);
      await withRetry(change, { idempotent: true, deadlineMs });
    },

    async forget(days) {
      // Ids grow with time, or nearly: only the oldest ones are looked at, and the look is by the primary key.
      const remove = () =>
        query(
          orm,
          `delete from audit_entry where at < now() - make_interval(days => $1)
             and id = any(array(select id from audit_entry order by id limit 5000)) returning id`,
          [days],
        );
      return (await withRetry(remove, { idempotent: true, deadlineMs })).length > 0;
    },

    async list({ projectId, limit, before, actorKind, actorId, method, outcome }) {
      const rows = await withRetry(
        () =>
          query<Row>(
            orm,
            `select * from audit_entry where project_id = $1 and ($2::bigint is null or id < $2)
               and ($4 = '' or (actor_kind = any(case $4 when 'token' then array['token', 'link'] else array[$4] end) and actor_id = $5))
               and ($6 = '' or method = $6 or split_part(method, '/', 2) = $6)
               and ($7 = '' or outcome = $7 or ($7 = 'refused' and outcome not in ('', 'ok')))
             order by id desc limit $3`,
            [projectId, before ?? null, limit, actorKind, actorId, method, outcome],
          ),
        { idempotent: true, deadlineMs },
      );
      return rows.map((row) => ({
        id: row.id,
        projectId: row.project_id,
        at: row.at,
        actorKind: row.actor_kind,
        actorId: row.actor_id,
        actorName: row.actor_name,
        method: row.method,
        target: row.target,
        address: row.address,
        outcome: row.outcome,
      }));
    },
  };
}
