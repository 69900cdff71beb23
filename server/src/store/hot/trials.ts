import type { Pool } from "pg";
import { changedTrials, logChanges } from "./change-log.ts";
import { curveColumns, newestPart, partColumns, reportsIn } from "./curve-sql.ts";
import { decodeMetrics } from "./metrics.ts";
import { type Statement, run } from "./statement.ts";
import { trialState, type TrialState } from "../states.ts";
import { type Measurement, type TrialRecord, type TrialRow, trialColumns, trialRecord } from "./trial-row.ts";

/** A result that came too late to count. */
export interface LateObservation {
  readonly attempt: number;
  readonly state: TrialState;
  readonly values: readonly number[];
  readonly metrics: Readonly<Record<string, number>>;
  readonly worker: string;
  readonly toldAt: Date;
}

/** A trial with what belongs to it in other tables. */
export interface TrialDetail extends TrialRecord {
  readonly leaseExpiresAt: Date | undefined;
  /** When the worker that holds it last asked, reported or renewed. */
  readonly heardAt: Date | undefined;
}

/** What {@link trialDetail} needs besides the trial's own columns, of the table of leases as `r`. Each renewal sets the end anew. */
export const leaseColumns =
  "r.lease_expires_at, r.lease_expires_at - make_interval(secs => r.lease_seconds) as heard_at";

/** A row of {@link trialColumns} and {@link leaseColumns}. */
export interface DetailRow extends TrialRow {
  lease_expires_at: Date | null;
  heard_at: Date | null;
}

export function trialDetail(row: DetailRow): TrialDetail {
  return {
    ...trialRecord(row),
    leaseExpiresAt: row.lease_expires_at ?? undefined,
    heardAt: row.heard_at ?? undefined,
  };
}

const byNumberStatement: Statement = {
  name: "trials_by_number",
  text: `
select ${trialColumns}, ${leaseColumns} from trial t left join running r on r.study_id = t.study_id and r.number = t.number
where t.study_id = $1 and t.number = any($2::int[]) order by t.number`,
};

/** Trials by number, ascending; those that do not exist are left out. */
export async function readTrials(
  pool: Pool,
  studyId: number,
  numbers: readonly number[],
): Promise<TrialDetail[]> {
  const rows = await run<DetailRow>(pool, byNumberStatement, [studyId, numbers]);
  return rows.map(trialDetail);
}

const sinceStatement: Statement = {
  name: "trials_since",
  text: `
select ${trialColumns}, ${leaseColumns} from (${changedTrials("t.*", "$1", "$2::bigint", "$3")}) t
left join running r on r.study_id = $1 and r.number = t.number order by t.seq`,
};

/** Whole trials that have changed since a revision, in the order of their changes. */
export async function readTrialsSince(
  pool: Pool,
  studyId: number,
  revision: number,
  limit: number,
): Promise<TrialDetail[]> {
  const rows = await run<DetailRow>(pool, sinceStatement, [studyId, revision, limit]);
  return rows.map(trialDetail);
}

const measurementsStatement: Statement = {
  name: "trial_measurements",
  text: `
select t.number, t.curve_steps, t.curve_values, t.curve_metrics, t.curve_times from trial t
  where t.study_id = $1 and t.number = any($2::int[]) and t.curve_steps is not null
union all
select number, ${curveColumns} from (
  select r.* from (${reportsIn(`
    select ${partColumns} from curve_part where study_id = $1 and number = any($2::int[]) union all
    ${newestPart("running")} and study_id = $1 and number = any($2::int[])`)}) r
  join trial t on t.study_id = $1 and t.number = r.number and t.attempt = r.attempt and t.state in (1, 2)
) newest group by number`,
};

interface CurveRow {
  number: number;
  curve_steps: number[];
  curve_values: number[][];
  curve_metrics: (Record<string, number | string> | null)[] | null;
  curve_times: Date[];
}

/** What trials reported, by trial number, ordered by step; from the arrays of ended trials and the newest attempt's reports of others. */
export async function readMeasurements(
  pool: Pool,
  studyId: number,
  numbers: readonly number[],
): Promise<ReadonlyMap<number, Measurement[]>> {
  const rows = await run<CurveRow>(pool, measurementsStatement, [studyId, numbers]);
  return new Map(
    rows.map((row) => [
      row.number,
      row.curve_steps.map((step, index) => ({
        step,
        values: row.curve_values[index] ?? [],
        metrics: decodeMetrics(row.curve_metrics?.[index] ?? {}),
        reportedAt: row.curve_times[index] ?? new Date(0),
      })),
    ]),
  );
}

const lateStatement: Statement = {
  name: "trial_late",
  text: `
select number, attempt, state, "values", metrics, worker, told_at from late_observation
where study_id = $1 and number = any($2::int[]) order by number, attempt`,
};

interface LateRow {
  number: number;
  attempt: number;
  state: number;
  values: number[];
  metrics: Record<string, number | string>;
  worker: string;
  told_at: Date;
}

/** Results that came too late, by trial number, ordered by attempt. */
export async function readLateObservations(
  pool: Pool,
  studyId: number,
  numbers: readonly number[],
): Promise<ReadonlyMap<number, LateObservation[]>> {
  const found = new Map<number, LateObservation[]>();
  for (const row of await run<LateRow>(pool, lateStatement, [studyId, numbers])) {
    const { attempt, values, worker } = row;
    const late = {
      attempt,
      values,
      worker,
      state: trialState(row.state),
      metrics: decodeMetrics(row.metrics),
      toldAt: row.told_at,
    };
    found.set(row.number, [...(found.get(row.number) ?? []), late]);
  }
  return found;
}

const attributesStatement: Statement = {
  name: "trial_attributes",
  text: `
with l as materialized (select change_seq from study_clock where study_id = $1 for update),
w as (update trial t set attributes = $3::jsonb, seq = l.change_seq + 1 from l where t.study_id = $1 and t.number = $2 returning t.number),
u as (update study_clock s set change_seq = s.change_seq + 1 where s.study_id = $1 and exists (select from w)),
log as (${logChanges("l.change_seq + 1", "array[w.number]", "l, w")})
select number from w`,
};

/** Replaces a trial's attributes, given as JSON; answers whether the trial exists. */
export async function setTrialAttributes(
  pool: Pool,
  studyId: number,
  number: number,
  attributes: string,
): Promise<boolean> {
  return (await run(pool, attributesStatement, [studyId, number, attributes])).length > 0;
}
