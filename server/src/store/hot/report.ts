import type { Pool } from "pg";
import { newestPart, partColumns, reportsIn } from "./curve-sql.ts";
import { type Metrics, encodeMetrics } from "./metrics.ts";
import { leaseEnd, nowMicros } from "./lease-end.ts";
import { type Statement, arrayLiteral, lines, linesArray, run } from "./statement.ts";
import { type StudyState, studyState } from "../states.ts";

/** One report, or, without a measurement, one renewal of a lease. */
export interface Report {
  readonly studyId: number;
  readonly number: number;
  /** The attempt that the lease token names; undefined when the worker sent none. */
  readonly attempt: number | undefined;
  readonly measurement:
    { readonly step: number; readonly values: readonly number[]; readonly metrics: Metrics } | undefined;
}

/** A lease that a report has renewed. */
export interface Renewal {
  readonly studyId: number;
  readonly number: number;
  readonly attempt: number;
  readonly leaseExpiresAt: Date;
  /** How many reports this attempt has made, repeats included: tells a replica whether it knows them all. */
  readonly reports: number;
  readonly studyState: StudyState;
}

/** Reports gather beside the lease up to this many; one with metrics moves them all at once. */
const partSize = 8;

/** Whether a report is of the same step as the one before it, and takes its place: repeats and heartbeats need no room. */
const isAgain = `q.steps[cardinality(q.steps)] is not distinct from x.step`;
const kept = `q.kept + case when ${isAgain} then 0 else 1 end`;

/*
 * The lease row is the fence: a report of an attempt that no longer holds the trial finds none. The batch is sorted, so that leases are
 * locked in the order in which every other statement locks them. A report goes beside the lease, which has to be renewed anyway; when
 * there are enough of them, they move to `curve_part` (and stay where they are until the next one comes).
 */
const statement: Statement = {
  name: "report",
  text: `
with x as materialized (
  select study_id, number, attempt, step, vals::float8[] as vals, metrics::jsonb as metrics, ord
  from unnest($1::bigint[], $2::int[], $3::int[], $4::int[], ${linesArray("$5")}, ${linesArray("$6")}) with ordinality
    as x(study_id, number, attempt, step, vals, metrics, ord)
), u as (
  update running q set lease_expires_at = now() + make_interval(secs => q.lease_seconds),
    reports = q.reports + case when x.step is null then 0 else 1 end,
    kept = case when x.step is null then q.kept else ${kept} end,
    parted = case when x.step is null then q.parted
      when x.metrics is not null or ${kept} = q.parted or ${kept} - q.parted >= ${partSize} then ${kept} else q.parted end,
    steps = case when x.step is null or ${isAgain} then q.steps when q.parted = q.kept then array[x.step] else q.steps || x.step end,
    "values" = case when x.step is null then q."values"
      when ${isAgain} then q."values"[: cardinality(q."values") - cardinality(x.vals)] || x.vals
      when q.parted = q.kept then x.vals else q."values" || x.vals end,
    times = case when x.step is null then q.times when ${isAgain} then q.times[: cardinality(q.times) - 1] || now()
      when q.parted = q.kept then array[now()] else q.times || now() end
  from x where q.study_id = any($1::bigint[]) and q.number = any($2::int[])
    and q.study_id = x.study_id and q.number = x.number and q.attempt = x.attempt
  returning x.ord, q.study_id, q.number, q.attempt, q.lease_seconds, q.reports, q.kept, q.steps, q."values", q.times, x.metrics,
    x.step is not null and q.parted = q.kept as is_part
), i as (
  insert into curve_part (study_id, number, attempt, last, steps, "values", times, metrics)
  select study_id, number, attempt, kept, steps, "values", times, metrics from u where is_part
  on conflict (study_id, number, attempt, last) do update set "values" = excluded."values", times = excluded.times, metrics = excluded.metrics
)
select ${nowMicros} as now_micros, json_agg(u.ord) as places, json_agg(u.lease_seconds) as lease_seconds, json_agg(u.reports) as reports,
  (select json_object_agg(study_id, state) from study_clock where study_id = any($1::bigint[])) as study_states
from u`,
};

/** One row of JSON lists: this process would take far longer to parse a row a report. Without any renewal there are no lists. */
interface Row {
  now_micros: number;
  /** In the sorted batch, from 1. */
  places: number[] | null;
  lease_seconds: number[];
  reports: number[];
  /** By study; null when none of them exists (any more). */
  study_states: Record<string, number> | null;
}

/**
 * Stores reports and renews leases, for any number of studies at once; a trial occurs once in a batch. Answers one renewal a report, in
 * order: undefined where no live lease is of the attempt that the report names.
 */
export async function reportStatement(
  pool: Pool,
  reports: readonly Report[],
): Promise<(Renewal | undefined)[]> {
  const order = Array.from(reports.keys()).sort(
    (a, b) => reports[a]!.studyId - reports[b]!.studyId || reports[a]!.number - reports[b]!.number,
  );
  const sorted = order.map((index) => reports[index]!);
  const [row] = await run<Row>(pool, statement, [
    arrayLiteral(sorted.map(({ studyId }) => studyId)),
    arrayLiteral(sorted.map(({ number }) => number)),
    arrayLiteral(sorted.map(attemptOf)),
    arrayLiteral(sorted.map(({ measurement }) => measurement?.step ?? null)),
    lines(
      sorted.map(({ measurement }) => (measurement === undefined ? null : arrayLiteral(measurement.values))),
    ),
    lines(sorted.map(encodeReportMetrics)),
  ]);
  const renewals: (Renewal | undefined)[] = reports.map(() => undefined);
  row?.places?.forEach((place, at) => {
    const index = order[place - 1]!;
    const report = reports[index]!;
    const state = row.study_states?.[report.studyId];
    // The leases of a deleted study stay a while.
    if (state === undefined) return;
    renewals[index] = {
      studyId: report.studyId,
      number: report.number,
      attempt: attemptOf(report),
      leaseExpiresAt: leaseEnd(row.now_micros, row.lease_seconds[at]!),
      reports: row.reports[at]!,
      studyState: studyState(state),
    };
  });
  return renewals;
}

/** A worker that sends no token can only be a trial's first. */
const attemptOf = ({ attempt }: Report): number => attempt ?? 1;

function encodeReportMetrics(report: Report): string | null {
  const metrics = report.measurement?.metrics;
  if (metrics === undefined || Object.keys(metrics).length === 0) return null;
  return encodeMetrics(metrics);
}

const curveStatement: Statement = {
  name: "report_curve",
  text: `select step, "values" from (${reportsIn(`
    select ${partColumns} from curve_part where study_id = $1 and number = $2 and attempt = $3 union all
    ${newestPart("running")} and study_id = $1 and number = $2 and attempt = $3`)}) reports`,
};

/** The reports of one attempt of a running trial so far, ordered by step. */
export async function runningCurve(
  pool: Pool,
  studyId: number,
  number: number,
  attempt: number,
): Promise<{ step: number; values: number[] }[]> {
  return run(pool, curveStatement, [studyId, number, attempt]);
}

const runningStatement: Statement = {
  name: "report_running",
  text: `select number, attempt, reports from running where study_id = $1 and reports > 0 order by number`,
};

/** How many reports each running trial of a study has made, trials without any left out. */
export async function runningReports(
  pool: Pool,
  studyId: number,
): Promise<{ number: number; attempt: number; reports: number }[]> {
  return run(pool, runningStatement, [studyId]);
}
