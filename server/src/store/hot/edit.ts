import type { Pool } from "pg";
import type { RequestRecord } from "./ask.ts";
import { logChanges } from "./change-log.ts";
import { type Statement, run } from "./statement.ts";

/** Another point for a trial that waits for its first worker. */
export interface Edit {
  readonly studyId: number;
  readonly number: number;
  /** The change number of the trial that the caller saw: nothing is done if it has changed since. */
  readonly revision: number;
  /** The same of the whole study; undefined where the rest of the study does not matter. */
  readonly studyRevision: number | undefined;
  /** As JSON. */
  readonly params: string;
  /** As JSON; undefined leaves them. */
  readonly attributes: string | undefined;
  readonly request: RequestRecord | undefined;
}

/*
 * The clock's lock orders this with every hand-out: whoever comes second finds the trial changed. An edit keeps the point that
 * suggestions have seen so far, so that they can be replayed.
 */
const statement: Statement = {
  name: "trial_edit",
  text: `
with l as materialized (
  select change_seq from study_clock where study_id = $1 and ($4::bigint is null or change_seq = $4) for update
), w as (
  update trial t set params = $5::jsonb, attributes = coalesce($6::jsonb, t.attributes), seq = l.change_seq + 1,
    former_points = case when t.params = $5::jsonb then t.former_points
      else coalesce(t.former_points, '[]') || jsonb_build_object('params', t.params, 'until', l.change_seq + 1) end
  from l where t.study_id = $1 and t.number = $2 and t.state = 1 and t.attempt = 0 and t.seq = $3
  returning t.number
), req as (
  insert into request (study_id, key, kind, fingerprint, numbers, attempts)
  select $1, $7::text, $8::smallint, $9::bytea, array[number], '{}' from w where $7::text is not null
), u as (
  update study_clock s set change_seq = s.change_seq + 1 from w where s.study_id = $1
), log as (${logChanges("l.change_seq + 1", "array[w.number]", "l, w")}
)
select number from w`,
};

/**
 * Gives a waiting trial another point; answers false, with nothing done, if the trial or the study is not any more as the caller saw it.
 * Throws the unique violation 23505 when the request key has been used.
 */
export async function editStatement(pool: Pool, edit: Edit): Promise<boolean> {
  const { request } = edit;
  const rows = await run(pool, statement, [
    edit.studyId,
    edit.number,
    edit.revision,
    edit.studyRevision ?? null,
    edit.params,
    edit.attributes ?? null,
    request?.key ?? null,
    request?.kind ?? null,
    request?.fingerprint ?? null,
  ]);
  return rows.length > 0;
}
