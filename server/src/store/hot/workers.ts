import type { Pool } from "pg";
import { type Statement, run } from "./statement.ts";

/** Which trial, by the study's name in its project. */
interface TrialKey {
  readonly study: string;
  readonly number: number;
}

/** A trial that a worker holds. */
export interface HeldTrial extends TrialKey {
  readonly startedAt: Date;
  readonly leaseExpiresAt: Date;
  readonly heardAt: Date;
}

/** Whoever asked for trials of a project under one name. */
export interface WorkerRecord {
  /** Empty for those that gave none. */
  readonly worker: string;
  /** The newest that it runs, at most {@link maxHeld}. */
  readonly held: readonly HeldTrial[];
  readonly running: number;
  readonly completed: number;
  readonly pruned: number;
  readonly failed: number;
  readonly infeasible: number;
  /** How many of its newest ended trials failed in a row. */
  readonly streak: number;
  /** The newest failure of these; undefined without one. */
  readonly failure: (TrialKey & { readonly text: string }) | undefined;
  readonly heardAt: Date;
}

/** Bounds of what one question reads: studies, newest trials of each, and trials told of each worker. */
const maxStudies = 100;
const maxTrials = 200;
const maxHeld = 20;

/** Studies with running trials first: who works now is what is asked for. */
const picked = `
picked as materialized (
  select d.id, d.name, s.next_number from study d join study_clock s on s.study_id = d.id
  where d.project_id = $1 order by (s.running > 0) desc, d.id desc limit ${maxStudies}
)`;

const workersStatement: Statement = {
  name: "workers",
  text: `
with ${picked}, ended as (
  select p.id, p.name, t.number, t.state, t.worker, t.ended_at,
    max(t.ended_at) filter (where t.state <> 5) over (partition by t.worker) as well_at
  from picked p join trial t on t.study_id = p.id and t.number >= p.next_number - ${maxTrials} and t.number < p.next_number
  where t.state >= 3 and t.attempt > 0 and t.ended_at is not null
), tally as (
  select worker, count(*) filter (where state = 3)::int as completed, count(*) filter (where state = 4)::int as pruned,
    count(*) filter (where state = 5)::int as failed, count(*) filter (where state = 6)::int as infeasible,
    count(*) filter (where state = 5 and (well_at is null or ended_at > well_at))::int as streak, max(ended_at) as told_at
  from ended group by worker
), failing as (
  select distinct on (worker) worker, id, name, number from ended
  where state = 5 and (well_at is null or ended_at > well_at) order by worker, ended_at desc, number desc
), held as (
  select r.worker, count(*)::int as running, max(r.lease_expires_at - make_interval(secs => r.lease_seconds)) as heard_at
  from picked p join running r on r.study_id = p.id group by r.worker
), everybody as (
  select worker, coalesce(h.running, 0) as running, coalesce(y.completed, 0) as completed, coalesce(y.pruned, 0) as pruned,
    coalesce(y.failed, 0) as failed, coalesce(y.infeasible, 0) as infeasible, coalesce(y.streak, 0) as streak,
    greatest(h.heard_at, y.told_at) as heard_at
  from held h full join tally y using (worker)
), shown as (
  select *, count(*) over ()::int as total from everybody order by (running > 0) desc, heard_at desc, worker limit $2
)
select s.*, f.name as failed_study, f.number as failed_number, right(t.failure, 1000) as failure
from shown s left join failing f using (worker) left join trial t on t.study_id = f.id and t.number = f.number
order by (s.running > 0) desc, s.heard_at desc, s.worker`,
};

const heldStatement: Statement = {
  name: "workers_held",
  text: `
with ${picked}, held as (
  select p.name, p.id, r.number, r.worker, r.lease_expires_at, r.lease_expires_at - make_interval(secs => r.lease_seconds) as heard_at,
    row_number() over (partition by r.worker order by r.lease_expires_at - make_interval(secs => r.lease_seconds) desc, p.id, r.number) as place
  from picked p join running r on r.study_id = p.id where r.worker = any($2::text[])
)
select h.name as study, h.number, h.worker, h.lease_expires_at, h.heard_at, coalesce(t.started_at, h.heard_at) as started_at
from held h join trial t on t.study_id = h.id and t.number = h.number where h.place <= ${maxHeld}
order by started_at desc, h.number desc`,
};

interface WorkerRow {
  worker: string;
  running: number;
  completed: number;
  pruned: number;
  failed: number;
  infeasible: number;
  streak: number;
  heard_at: Date;
  total: number;
  failed_study: string | null;
  failed_number: number | null;
  failure: string | null;
}

interface HeldRow {
  study: string;
  number: number;
  worker: string;
  lease_expires_at: Date;
  heard_at: Date;
  started_at: Date;
}

/** Who works on a project's studies, those that hold trials first, then those heard of last; and how many there are in all. */
export async function listWorkers(
  pool: Pool,
  projectId: number,
  limit: number,
): Promise<{ workers: WorkerRecord[]; total: number }> {
  const rows = await run<WorkerRow>(pool, workersStatement, [projectId, limit]);
  const busy = rows.filter(({ running }) => running > 0).map(({ worker }) => worker);
  const held = busy.length === 0 ? [] : await run<HeldRow>(pool, heldStatement, [projectId, busy]);
  const byWorker = Map.groupBy(held, ({ worker }) => worker);
  return {
    total: rows[0]?.total ?? 0,
    workers: rows.map((row) => ({
      worker: row.worker,
      held: (byWorker.get(row.worker) ?? []).map((trial) => ({
        study: trial.study,
        number: trial.number,
        startedAt: trial.started_at,
        leaseExpiresAt: trial.lease_expires_at,
        heardAt: trial.heard_at,
      })),
      running: row.running,
      completed: row.completed,
      pruned: row.pruned,
      failed: row.failed,
      infeasible: row.infeasible,
      streak: row.streak,
      failure:
        row.failed_study === null || row.failed_number === null
          ? undefined
          : { study: row.failed_study, number: row.failed_number, text: row.failure ?? "" },
      heardAt: row.heard_at,
    })),
  };
}
