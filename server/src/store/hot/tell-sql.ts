import { logChanges } from "./change-log.ts";
import { curveColumns, newestPart, partColumns, reportsIn } from "./curve-sql.ts";
import { nowMicros } from "./lease-end.ts";
import { type Statement, linesArray } from "./statement.ts";
import type { FormerPoint, TrialRecord } from "./trial-row.ts";

/** How a statement finds the trials that may be ended, `w`, and their curves. */
interface Finder {
  readonly found: string;
  readonly curves: { readonly values: string; readonly set: string; readonly join: string };
  /** Further results. */
  readonly results: string;
}

/*
 * Locks the clock, without which nobody changes a trial, then leases or waiting trials, always in that order and each by number, so that
 * no two statements wait for each other: the batch is sorted, and looked up row by row, by key.
 *
 * A running trial has a lease, of its newest attempt, and a trial without one was given back by a worker that fell silent and has not been
 * told by anybody since. So who may tell a running trial is seen from its lease, which goes at once. The study finishes in the same commit
 * as its last trial.
 *
 * Answers one row of JSON lists, which this process parses in a third of the time that a row a trial takes, and of the trials only what
 * the teller does not know. Of a trial that it knows as the first worker got it, that is nothing: an attempt's trial changes in its attributes only.
 */
const text = ({ found, curves, results }: Finder) => `
with l as materialized (
  select study_id, change_seq, goal from study_clock where study_id = $1 for update
), x as materialized (
  select l.study_id, x.*, coalesce(x.attempt, 1) as told_attempt
  from l cross join unnest($2::int[], $3::int[], $4::smallint[], ${linesArray("$5")}, ${linesArray("$6")}, $7::float8[], $8::text[], $9::text[], $10::bool[])
    with ordinality as x(number, attempt, state, vals, metrics, violation, failure, key, known, ord)
), ${found}, upd as (
  update trial t set state = w.state, "values" = ${curves.values},
    metrics = w.metrics::jsonb, violation = w.violation, failure = w.failure, seq = l.change_seq + w.ord, end_seq = l.change_seq + w.ord,
    tell_key = w.key, tell_attempt = w.told_attempt, ended_at = now()${curves.set}
  from l, w ${curves.join}
  where t.study_id = w.study_id and t.number = w.number
  returning w.ord, case when not (w.known and t.attempt = 1 and t.attributes = '{}') then json_build_array(${restColumns}) end as rest
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
  from n left join b on true where s.study_id = $1 and n.n > 0 returning s.state, s.change_seq
), log as (${logChanges("u.change_seq", "$2::int[]", "u")}
)
select ${nowMicros} as now_micros, min(u.state) as study_state, min(u.change_seq) as change_seq, json_agg(upd.ord) as places,
  json_agg(upd.rest) as rests, ${results}
from upd, u`;

/** Of a told trial as `t`, what the teller does not know: the items of {@link Rest}. */
const restColumns = `t.attempt, t.params, t.worker, t.attributes, t.sampler, t.reason, t.history_seq, t.spec_version, t.fixed,
    date_part('epoch', t.created_at), date_part('epoch', t.started_at), t.expected, t.former_points, t."values"`;

export type Rest = [
  attempt: number,
  params: TrialRecord["params"],
  worker: string,
  attributes: TrialRecord["attributes"],
  sampler: string,
  reason: string,
  historyRevision: number,
  specVersion: number,
  fixed: NonNullable<TrialRecord["fixed"]> | null,
  /** Seconds since 1970, as the next one. */
  createdAt: number,
  startedAt: number | null,
  /** JSON has no NaN and no infinities: PostgreSQL writes them as text. */
  expected: (number | string)[] | null,
  formerPoints: FormerPoint[] | null,
  values: (number | string)[],
];

/*
 * Most trials are told by the first worker that had them, and in many studies none of them has reported: then they have no curve, and what
 * this takes to begin is less than half of the other statement. If a report or another worker comes first, the lease as it is then does not fit.
 */
export const leasedTell: Statement = {
  name: "tell_leased",
  text: text({
    found: `w as (
  delete from running r using x
  where r.study_id = x.study_id and r.number = x.number and r.attempt = 1 and r.kept = 0 and x.told_attempt = 1
  returning x.*, x.vals::float8[] as told, true as ran
)`,
    curves: { values: "w.told", set: "", join: "" },
    results: "false as have_reported",
  }),
};

/*
 * A row that is changed or locked is read as it is now, but what another statement inserted while this one waited for its locks stays
 * invisible, and would be left behind. So a trial is told only if its lease, or without one the trial itself, has not changed since the
 * snapshot (`seen`): every report counts in `reports`, and every change of a trial gives it a new `seq`. The caller tells the others again.
 *
 * The curve of the attempt that tells moves from its parts into the trial's arrays.
 */
export const anyTell: Statement = {
  name: "tell",
  text: text({
    found: `freed as (
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
)`,
    curves: {
      values: "case when w.state = 4 and w.vals = '{}' then coalesce(curve.newest, '{}') else w.told end",
      set: ", curve_steps = curve.steps, curve_values = curve.vals, curve_metrics = curve.metrics, curve_times = curve.times",
      join: "left join curve on curve.number = w.number",
    },
    results: "exists (select from curve) as have_reported",
  }),
};
