import type { Pool } from "pg";
import { logChanges } from "./change-log.ts";
import type { RequestRecord } from "./ask.ts";
import { type Metrics, encodeMetrics } from "./metrics.ts";
import { type Statement, arrayLiteral, run } from "./statement.ts";
import { type TerminalState, trialStates } from "../states.ts";
import type { Measurement } from "./trial-row.ts";

/** A trial that a user adds: one to hand out, or one that ended elsewhere. */
export interface AddedTrial {
  /** Parameters and attributes as JSON. */
  readonly params: string;
  readonly attributes: string;
  readonly sampler: string;
  readonly reason: string;
  /** Absent: it waits for a worker. */
  readonly outcome: ImportedOutcome | undefined;
}

export interface ImportedOutcome {
  readonly state: TerminalState;
  readonly values: readonly number[];
  readonly metrics: Metrics;
  readonly violation: number;
  readonly failure: string;
  readonly measurements: readonly Measurement[];
  readonly startedAt: Date | undefined;
  readonly endedAt: Date | undefined;
}

export interface AddBatch {
  readonly studyId: number;
  readonly specVersion: number;
  /** The number that the first trial will get; nothing is added if it is taken. */
  readonly nextNumber: number;
  readonly historyRevision: number;
  readonly trials: readonly AddedTrial[];
  readonly request: RequestRecord | undefined;
}

const statement: Statement = {
  name: "add",
  text: `
with l as materialized (
  select change_seq, next_number, goal from study_clock
  where study_id = $1 and state in (1, 2) and spec_version = $2 and next_number = $3
    and (max_trials is null or next_number + cardinality($4::text[]) <= max_trials) for update
), x as materialized (
  select x.*, l.next_number + x.ord::int - 1 as number, l.change_seq + x.ord as seq
  from l cross join unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::smallint[], $9::text[], $10::text[], $11::float8[], $12::text[],
    $13::text[], $14::text[], $15::text[], $16::text[], $17::timestamptz[], $18::timestamptz[]) with ordinality
    as x(params, attributes, sampler, reason, state, vals, metrics, violation, failure, steps, curve, curve_metrics, times, started_at, ended_at, ord)
), fresh as (
  insert into trial (study_id, number, state, seq, end_seq, params, "values", metrics, violation, failure, attributes, sampler, reason, history_seq,
    spec_version, started_at, ended_at, curve_steps, curve_values, curve_metrics, curve_times)
  select $1, number, state, seq, case when state > 2 then seq else 0 end, params::jsonb, vals::float8[], metrics::jsonb, violation, failure,
    attributes::jsonb, sampler, reason, $19, $2, coalesce(started_at, case when state > 2 then least(now(), ended_at) end), coalesce(ended_at, case when state > 2 then now() end),
    steps::int[], curve::float8[], curve_metrics::jsonb, times::timestamptz[]
  from x
), req as (
  insert into request (study_id, key, kind, fingerprint, numbers, attempts)
  select $1, $20::text, $21::smallint, $22::bytea, (select array_agg(number order by ord) from x), '{}' from l where $20::text is not null
), b as (
  select x.number, (x.vals::float8[])[1] as value from x, l where x.state = 3 and x.violation = 0 and l.goal <> 0
  order by (x.vals::float8[])[1] * l.goal, x.ord limit 1
), n as (
  select count(*)::int as n, count(*) filter (where state = 1)::int as waiting, count(*) filter (where state = 3)::int as completed,
    count(*) filter (where state = 4)::int as pruned, count(*) filter (where state = 5)::int as failed, count(*) filter (where state = 6)::int as infeasible
  from x
), u as (
  update study_clock s set next_number = s.next_number + n.n, change_seq = s.change_seq + n.n, waiting = s.waiting + n.waiting,
    completed = s.completed + n.completed, pruned = s.pruned + n.pruned, failed = s.failed + n.failed, infeasible = s.infeasible + n.infeasible,
    best_number = case when b.value * s.goal < coalesce(s.best_value * s.goal, 'Infinity') then b.number else s.best_number end,
    best_value = case when b.value * s.goal < coalesce(s.best_value * s.goal, 'Infinity') then b.value else s.best_value end,
    state = case when s.next_number + n.n >= s.max_trials and s.waiting + n.waiting = 0 and s.running = 0 then 3 else s.state end,
    finish_reason = case when s.next_number + n.n >= s.max_trials and s.waiting + n.waiting = 0 and s.running = 0 then 2 else s.finish_reason end,
    finished_at = case when s.next_number + n.n >= s.max_trials and s.waiting + n.waiting = 0 and s.running = 0 then now() else s.finished_at end
  from n left join b on true where s.study_id = $1 and n.n > 0 returning s.study_id, s.change_seq
), log as (${logChanges("u.change_seq", "(select array_agg(number order by ord) from x)", "u")}
)
select u.study_id from u`,
};

/**
 * Adds trials with the next numbers, all or none. Answers false, with nothing done, if another number was taken since, the
 * budget has no room, or the study has finished. Throws the unique violation 23505 when the request key has been used.
 */
export async function addStatement(pool: Pool, batch: AddBatch): Promise<boolean> {
  const { trials, request } = batch;
  const outcomes = trials.map((trial) => trial.outcome);
  const rows = await run(pool, statement, [
    batch.studyId,
    batch.specVersion,
    batch.nextNumber,
    trials.map((trial) => trial.params),
    trials.map((trial) => trial.attributes),
    trials.map((trial) => trial.sampler),
    trials.map((trial) => trial.reason),
    outcomes.map((outcome) => trialStates.indexOf(outcome?.state ?? "waiting")),
    outcomes.map((outcome) => arrayLiteral(outcome?.values ?? [])),
    outcomes.map((outcome) => encodeMetrics(outcome?.metrics ?? {})),
    outcomes.map((outcome) => outcome?.violation ?? 0),
    outcomes.map((outcome) => outcome?.failure ?? ""),
    outcomes.map((outcome) => curveColumn(outcome, (curve) => arrayLiteral(curve.map(({ step }) => step)))),
    outcomes.map((outcome) =>
      curveColumn(outcome, (curve) => `{${curve.map(({ values }) => arrayLiteral(values)).join(",")}}`),
    ),
    outcomes.map((outcome) =>
      curveColumn(outcome, (curve) => `[${curve.map(({ metrics }) => encodeMetrics(metrics)).join(",")}]`),
    ),
    outcomes.map((outcome) =>
      curveColumn(
        outcome,
        (curve) => `{${curve.map(({ reportedAt }) => `"${reportedAt.toISOString()}"`).join(",")}}`,
      ),
    ),
    outcomes.map((outcome) => outcome?.startedAt ?? null),
    outcomes.map((outcome) => outcome?.endedAt ?? null),
    batch.historyRevision,
    request?.key ?? null,
    request?.kind ?? null,
    request?.fingerprint ?? null,
  ]);
  return rows.length > 0;
}

function curveColumn(
  outcome: ImportedOutcome | undefined,
  encode: (curve: readonly Measurement[]) => string,
): string | null {
  const curve = outcome?.measurements ?? [];
  return curve.length === 0 ? null : encode(curve);
}
