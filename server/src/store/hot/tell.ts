import type { Pool } from "pg";
import { curveColumns, newestPart, partColumns, reportsIn } from "./curve-sql.ts";
import { type Metrics, encodeMetrics } from "./metrics.ts";
import { type Statement, arrayLiteral, run } from "./statement.ts";
import { type StudyState, type TerminalState, studyState, trialStates } from "../states.ts";
import { type TrialRecord, type TrialRow, trialColumns, trialRecord } from "./trial-row.ts";

/** The outcome of one trial, as told. */
export interface Tell {
  readonly number: number;
  /** The attempt that the lease token names; undefined when the worker sent none. */
  readonly attempt: number | undefined;
  readonly state: TerminalState;
  /** In objective order; empty for a failed trial, and for a pruned one that takes its last report. */
  readonly values: readonly number[];
  readonly metrics: Metrics;
  readonly violation: number;
  readonly failure: string;
  /** Names the request, so that a repeat finds the first answer. */
  readonly key: string;
}

export interface TellAnswer {
  /** The trials that this batch ended, by number. */
  readonly ended: ReadonlyMap<number, TrialRecord>;
  readonly studyState: StudyState | undefined;
}

/*
 * Locks the clock, without which nobody changes a trial, then leases or waiting trials, always in that order and each by number, so that
 * no two statements wait for each other: the batch is sorted, and looked up row by row, by key.
 *
 * A running trial has a lease, of its newest attempt, and a trial without one was given back by a worker that fell silent and has not been
 * told by anybody since. So who may tell a running trial is seen from its lease, which goes at once. A row that is changed or locked is
 * read as it is now, but what another statement inserted while this one waited for its locks stays invisible, and would be left behind. So
 * a trial is told only if its lease, or without one the trial itself, has not changed since the snapshot (`seen`): every report
 * counts in `reports`, and every change of a trial gives it a new `seq`. The caller tells the others again.
 *
 * The curve of the attempt that tells moves from its parts into the trial's arrays. The study finishes in the same commit as its last
 * trial.
 */
const statement: Statement = {
  name: "tell",
  text: `
with l as materialized (
  select study_id, change_seq, goal from study_clock where study_id = $1 for update
), x as materialized (
  select l.study_id, x.*, coalesce(x.attempt, 1) as told_attempt
  from l cross join unnest($2::int[], $3::int[], $4::smallint[], $5::text[], $6::text[], $7::float8[], $8::text[], $9::text[]) with ordinality
    as x(number, attempt, state, vals, metrics, violation, failure, key, ord)
), freed as (
  delete from running r using x cross join lateral (
    select attempt, reports from running where study_id = x.study_id and number = x.number offset 0
  ) seen
  where r.study_id = $1 and r.number = any($2::int[]) and r.number = x.number and r.attempt = seen.attempt and r.reports = seen.reports
    and case when x.attempt is null then r.attempt = 1 else x.attempt between 1 and r.attempt end
  returning r.number, r.attempt, r.kept, r.parted, r.steps, r."values", r.times
), parked as materialized (
  select x.number from x cross join lateral (
    select t.number, t.seq from trial t
    where t.study_id = x.study_id and t.number = x.number and t.state = 1 and t.attempt > 0
      and case when x.attempt is null then t.attempt = 1 else x.attempt between 1 and t.attempt end
    for update
  ) t cross join lateral (select seq from trial where study_id = x.study_id and number = t.number offset 0) seen
  where x.number not in (select number from freed) and seen.seq = t.seq
), w as materialized (
  select x.*, x.vals::float8[] as told, x.number in (select number from freed) as ran from x
  where x.number in (select number from freed) or x.number in (select number from parked)
), i as (
  delete from curve_part where study_id = $1 and number = any(array(select number from w))
  returning ${partColumns}
), curve as materialized (
  select number, ${curveColumns}, (array_agg("values"::text order by step desc))[1]::float8[] as newest
  from (${reportsIn(`select ${partColumns} from i union all ${newestPart("freed")}`)}) r
  join (select number, told_attempt as attempt from w) told using (number, attempt) group by number
), upd as (
  update trial t set state = w.state,
    "values" = case when w.state = 4 and w.vals = '{}' then coalesce(curve.newest, '{}') else w.told end,
    metrics = w.metrics::jsonb, violation = w.violation, failure = w.failure, seq = l.change_seq + w.ord, end_seq = l.change_seq + w.ord,
    tell_key = w.key, tell_attempt = w.told_attempt, ended_at = now(),
    curve_steps = curve.steps, curve_values = curve.vals, curve_metrics = curve.metrics, curve_times = curve.times
  from l, w left join curve on curve.number = w.number
  where t.study_id = $1 and t.number = any($2::int[]) and t.number = w.number
  returning ${trialColumns}
), n as (
  select count(*)::int as n, count(*) filter (where not ran)::int as waiting, count(*) filter (where ran)::int as running,
    count(*) filter (where state = 3)::int as completed, count(*) filter (where state = 4)::int as pruned,
    count(*) filter (where state = 5)::int as failed, count(*) filter (where state = 6)::int as infeasible
  from w
), b as (
  select w.number, w.told[1] as value from w, l where w.state = 3 and w.violation = 0 and l.goal <> 0
  order by w.told[1] * l.goal, w.ord limit 1
), u as (
  update study_clock s set
    best_number = case when b.value * s.goal < coalesce(s.best_value * s.goal, 'Infinity') then b.number else s.best_number end,
    best_value = case when b.value * s.goal < coalesce(s.best_value * s.goal, 'Infinity') then b.value else s.best_value end,
    change_seq = s.change_seq + cardinality($2::int[]), waiting = s.waiting - n.waiting, running = s.running - n.running,
    completed = s.completed + n.completed, pruned = s.pruned + n.pruned, failed = s.failed + n.failed, infeasible = s.infeasible + n.infeasible,
    state = case when s.state <> 3 and s.next_number >= s.max_trials and s.waiting = n.waiting and s.running = n.running then 3 else s.state end,
    finish_reason = case when s.state <> 3 and s.next_number >= s.max_trials and s.waiting = n.waiting and s.running = n.running then 2 else s.finish_reason end,
    finished_at = case when s.state <> 3 and s.next_number >= s.max_trials and s.waiting = n.waiting and s.running = n.running then now() else s.finished_at end
  from n left join b on true where s.study_id = $1 and n.n > 0 returning s.state as study_state
)
select ${trialColumns.replaceAll("t.", "upd.")}, u.study_state from upd, u`,
};

/**
 * Ends trials. No number may occur twice in a batch. Trials that are not answered did not accept their tell: they have
 * ended, never ran, do not exist, changed at this very moment, or the lease token names no attempt of theirs.
 */
export async function tellStatement(
  pool: Pool,
  studyId: number,
  unordered: readonly Tell[],
): Promise<TellAnswer> {
  const tells = unordered.toSorted((a, b) => a.number - b.number);
  const rows = await run<TrialRow & { study_state: number }>(pool, statement, [
    studyId,
    tells.map((tell) => tell.number),
    tells.map((tell) => tell.attempt ?? null),
    tells.map((tell) => trialStates.indexOf(tell.state)),
    tells.map((tell) => arrayLiteral(tell.values)),
    tells.map((tell) => encodeMetrics(tell.metrics)),
    tells.map((tell) => tell.violation),
    tells.map((tell) => tell.failure),
    tells.map((tell) => tell.key),
  ]);
  const first = rows[0];
  return {
    ended: new Map(rows.map((row) => [row.number, trialRecord(row)])),
    studyState: first === undefined ? undefined : studyState(first.study_state),
  };
}

const lateStatement: Statement = {
  name: "tell_late",
  text: `
insert into late_observation (study_id, number, attempt, state, "values", metrics, worker)
values ($1, $2, $3, $4, $5::float8[], $6::jsonb, $7) on conflict do nothing`,
};

/** Keeps a result that came too late to count. Repeating it changes nothing. */
export async function keepLateObservation(
  pool: Pool,
  studyId: number,
  attempt: number,
  worker: string,
  tell: Tell,
): Promise<void> {
  const state = trialStates.indexOf(tell.state);
  const metrics = encodeMetrics(tell.metrics);
  await run(pool, lateStatement, [
    studyId,
    tell.number,
    attempt,
    state,
    arrayLiteral(tell.values),
    metrics,
    worker,
  ]);
}
