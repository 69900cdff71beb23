import type { Pool } from "pg";
import { type Statement, run } from "./statement.ts";
import { type FinishReason, type StudyState, finishReason, studyState } from "../states.ts";

/** How many trials a study has, by state. */
export interface Counts {
  readonly waiting: number;
  readonly running: number;
  readonly completed: number;
  readonly pruned: number;
  readonly failed: number;
  readonly infeasible: number;
}

/** The narrow, hot row of a study: state, budgets, counters. */
export interface Clock {
  readonly state: StudyState;
  readonly finishReason: FinishReason;
  readonly finishedAt: Date | undefined;
  readonly specVersion: number;
  readonly maxTrials: number | undefined;
  readonly maxRunning: number | undefined;
  /** How many trials exist; the next one gets this number. */
  readonly nextNumber: number;
  /** Grows with every change of the study or a trial of it. */
  readonly revision: number;
  readonly counts: Counts;
  /** The best completed, feasible trial of a single objective. */
  readonly best: { readonly number: number; readonly value: number } | undefined;
  /** When it was so, by the database's clock. */
  readonly readAt: Date;
}

/** The columns of {@link Clock}, of a table or alias `s`. */
export const clockColumns = `s.state, s.finish_reason, s.finished_at, s.spec_version, s.max_trials, s.max_running, s.next_number, s.change_seq,
  s.waiting, s.running, s.completed, s.pruned, s.failed, s.infeasible, s.best_number, s.best_value, now() as read_at`;

/** A row of {@link clockColumns}. */
export interface ClockRow {
  state: number;
  finish_reason: number;
  finished_at: Date | null;
  spec_version: number;
  max_trials: number | null;
  max_running: number | null;
  next_number: number;
  change_seq: number;
  waiting: number;
  running: number;
  completed: number;
  pruned: number;
  failed: number;
  infeasible: number;
  best_number: number | null;
  best_value: number | null;
  read_at: Date;
}

/** The clock of a row. */
export function clockOf(row: ClockRow): Clock {
  return {
    state: studyState(row.state),
    finishReason: finishReason(row.finish_reason),
    finishedAt: row.finished_at ?? undefined,
    specVersion: row.spec_version,
    maxTrials: row.max_trials ?? undefined,
    maxRunning: row.max_running ?? undefined,
    nextNumber: row.next_number,
    revision: row.change_seq,
    counts: {
      waiting: row.waiting,
      running: row.running,
      completed: row.completed,
      pruned: row.pruned,
      failed: row.failed,
      infeasible: row.infeasible,
    },
    best:
      row.best_number === null || row.best_value === null
        ? undefined
        : { number: row.best_number, value: row.best_value },
    readAt: row.read_at,
  };
}

const readStatement: Statement = {
  name: "clock_read",
  text: `select ${clockColumns} from study_clock s where s.study_id = $1`,
};

/** The study's clock; undefined when there is no such study. */
export async function readClock(pool: Pool, studyId: number): Promise<Clock | undefined> {
  const [row] = await run<ClockRow>(pool, readStatement, [studyId]);
  return row === undefined ? undefined : clockOf(row);
}

const revisionsStatement: Statement = {
  name: "clock_revisions",
  text: `select study_id, change_seq from study_clock where study_id = any($1::bigint[])`,
};

/** The newest change number of each study that exists. */
export async function readRevisions(
  pool: Pool,
  studyIds: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const rows = await run<{ study_id: number; change_seq: number }>(pool, revisionsStatement, [studyIds]);
  return new Map(rows.map((row) => [row.study_id, row.change_seq]));
}

const transitionStatement: Statement = {
  name: "clock_transition",
  text: `
update study_clock s set state = $3::smallint, finish_reason = $4, finished_at = case when $3::smallint = 3 then now() end, change_seq = s.change_seq + 1
where s.study_id = $1 and s.state = any($2::smallint[]) returning ${clockColumns}`,
};

/** Moves a study from one of some states to another; undefined when it is in none of them. States as their codes. */
export async function changeState(
  pool: Pool,
  studyId: number,
  from: readonly number[],
  to: number,
  reason: number,
): Promise<Clock | undefined> {
  const [row] = await run<ClockRow>(pool, transitionStatement, [studyId, from, to, reason]);
  return row === undefined ? undefined : clockOf(row);
}

const overdueStatement: Statement = {
  name: "clock_overdue",
  text: `
select s.study_id from study_clock s join study d on d.id = s.study_id join study_spec v on v.study_id = s.study_id and v.version = s.spec_version
where s.state = 1 and v.spec ? 'maxDurationSeconds' and d.created_at + make_interval(secs => (v.spec->>'maxDurationSeconds')::float8) < now()
limit 100`,
};

/** Active studies that have existed longer than their specification allows. */
export async function overdueStudies(pool: Pool): Promise<number[]> {
  const rows = await run<{ study_id: number }>(pool, overdueStatement, []);
  return rows.map((row) => row.study_id);
}
