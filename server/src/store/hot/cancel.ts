import type { Pool } from "pg";
import type { RequestRecord } from "./ask.ts";
import { logChanges } from "./change-log.ts";
import { curveColumns, partColumns, reportsIn } from "./curve-sql.ts";
import { type Statement, run } from "./statement.ts";

/** The end of a trial that waits for a worker. */
export interface Cancellation {
  readonly studyId: number;
  readonly number: number;
  /** The change number of the trial that the caller saw: nothing is done if it has changed since. */
  readonly revision: number;
  readonly failure: string;
  readonly request: RequestRecord | undefined;
}

/*
 * As the sweep gives up a trial: the reports of its newest attempt move into its arrays, and the study finishes in the same commit as its
 * last trial. A trial that has the change number that the caller saw has had no lease since, and so no report.
 */
const statement: Statement = {
  name: "trial_cancel",
  text: `
with l as materialized (
  select change_seq from study_clock where study_id = $1 for update
), w as materialized (
  select t.number, t.attempt from l cross join trial t
  where t.study_id = $1 and t.number = $2 and t.state = 1 and t.seq = $3 for update of t
), i as (
  delete from curve_part where study_id = $1 and number = any(array(select number from w))
  returning ${partColumns}
), curve as (
  select number, ${curveColumns}
  from (${reportsIn("table i")}) r join w using (number, attempt) group by number
), upd as (
  update trial t set state = 5, seq = l.change_seq + 1, end_seq = l.change_seq + 1, ended_at = now(), failure = $4,
    curve_steps = curve.steps, curve_values = curve.vals, curve_metrics = curve.metrics, curve_times = curve.times
  from l, w left join curve on curve.number = w.number
  where t.study_id = $1 and t.number = $2 and t.number = w.number
), req as (
  insert into request (study_id, key, kind, fingerprint, numbers, attempts)
  select $1, $5::text, $6::smallint, $7::bytea, array[number], '{}' from w where $5::text is not null
), u as (
  update study_clock s set change_seq = s.change_seq + 1, waiting = s.waiting - 1, failed = s.failed + 1,
    state = case when s.state <> 3 and s.next_number >= s.max_trials and s.waiting = 1 and s.running = 0 then 3 else s.state end,
    finish_reason = case when s.state <> 3 and s.next_number >= s.max_trials and s.waiting = 1 and s.running = 0 then 2 else s.finish_reason end,
    finished_at = case when s.state <> 3 and s.next_number >= s.max_trials and s.waiting = 1 and s.running = 0 then now() else s.finished_at end
  from w where s.study_id = $1
), log as (${logChanges("l.change_seq + 1", "array[w.number]", "l, w")}
)
select number from w`,
};

/**
 * Ends a waiting trial as failed; answers false, with nothing done, if it is not any more as the caller saw it. Throws the unique violation
 * 23505 when the request key has been used.
 */
export async function cancelStatement(pool: Pool, cancellation: Cancellation): Promise<boolean> {
  const { studyId, number, revision, failure, request } = cancellation;
  const rows = await run(pool, statement, [
    studyId,
    number,
    revision,
    failure,
    request?.key ?? null,
    request?.kind ?? null,
    request?.fingerprint ?? null,
  ]);
  return rows.length > 0;
}
