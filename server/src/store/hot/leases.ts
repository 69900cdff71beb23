import type { Pool } from "pg";
import { logChanges } from "./change-log.ts";
import { curveColumns, newestPart, partColumns, reportsIn } from "./curve-sql.ts";
import { type Statement, run } from "./statement.ts";

/*
 * A lease has ended when it is past its time by the database's clock. After a restart of the database every lease gets its whole
 * duration again, since no worker could renew it while the database was away.
 */
const isExpired = `greatest(r.lease_expires_at, pg_postmaster_start_time() + make_interval(secs => r.lease_seconds)) < now()`;

const expiredStatement: Statement = {
  name: "lease_expired",
  text: `select distinct r.study_id from running r where ${isExpired}`,
};

/** The studies that have leases past their time. */
export async function studiesWithExpiredLeases(pool: Pool): Promise<number[]> {
  const rows = await run<{ study_id: number }>(pool, expiredStatement, []);
  return rows.map((row) => row.study_id);
}

const sweepStatement: Statement = {
  name: "lease_sweep",
  text: `
with l as materialized (
  select change_seq, max_attempts from study_clock where study_id = $1 for update
), e as materialized (
  select r.number, r.attempt, r.lease_seconds, r.kept, r.parted, r.steps, r."values", r.times from l cross join running r
  where r.study_id = $1 and ${isExpired} order by r.number limit 500 for update of r
), freed as (
  delete from running where study_id = $1 and number = any(array(select number from e))
), w as materialized (
  select t.number, t.attempt, e.lease_seconds, t.attempt >= l.max_attempts as is_over, row_number() over (order by t.number) as ord
  from l cross join trial t join e on e.number = t.number where t.study_id = $1 and t.number = any(array(select number from e)) and t.state = 2
), kept as (
  insert into curve_part (study_id, ${partColumns})
  select $1, * from (${newestPart("e")}) p where p.number not in (select number from w where is_over)
), i as (
  delete from curve_part where study_id = $1 and number = any(array(select number from w where is_over))
  returning ${partColumns}
), curve as materialized (
  select number, ${curveColumns}
  from (${reportsIn(`select ${partColumns} from i union all ${newestPart("e")}`)}) r join w using (number, attempt) where w.is_over group by number
), upd as (
  update trial t set state = case when w.is_over then 5 else 1 end, seq = l.change_seq + w.ord, lease_seconds = w.lease_seconds,
    end_seq = case when w.is_over then l.change_seq + w.ord else 0 end, ended_at = case when w.is_over then now() end,
    failure = case when w.is_over then format('No worker finished it: %s of %s attempts fell silent.', t.attempt, l.max_attempts) else t.failure end,
    curve_steps = curve.steps, curve_values = curve.vals, curve_metrics = curve.metrics, curve_times = curve.times
  from l, w left join curve on curve.number = w.number
  where t.study_id = $1 and t.number = any(array(select number from w)) and t.number = w.number
), n as (
  select count(*)::int as n, count(*) filter (where is_over)::int as over from w
), u as (
  update study_clock s set change_seq = s.change_seq + n.n, running = s.running - n.n, waiting = s.waiting + n.n - n.over, failed = s.failed + n.over,
    state = case when s.state <> 3 and s.next_number >= s.max_trials and s.waiting + n.n - n.over = 0 and s.running = n.n then 3 else s.state end,
    finish_reason = case when s.state <> 3 and s.next_number >= s.max_trials and s.waiting + n.n - n.over = 0 and s.running = n.n then 2 else s.finish_reason end,
    finished_at = case when s.state <> 3 and s.next_number >= s.max_trials and s.waiting + n.n - n.over = 0 and s.running = n.n then now() else s.finished_at end
  from n where s.study_id = $1 and n.n > 0 returning s.change_seq
), log as (${logChanges("u.change_seq", "(select array_agg(number order by ord) from w)", "u")}
)
select n.n - n.over as requeued, n.over as failed from n`,
};

/**
 * Ends the leases of a study that are past their time, at most 500: their trials wait for another worker, or have failed
 * once they have had all their attempts. Any replica may do it at any moment.
 */
export async function sweepLeases(
  pool: Pool,
  studyId: number,
): Promise<{ requeued: number; failed: number }> {
  const [row] = await run<{ requeued: number; failed: number }>(pool, sweepStatement, [studyId]);
  return row ?? { requeued: 0, failed: 0 };
}

/*
 * The attempt goes on where its parts end. Parts that another statement wrote while this one waited for its locks
 * are invisible, so the trial must be as the snapshot (`seen`) has it.
 */
const reclaimStatement: Statement = {
  name: "lease_reclaim",
  text: `
with l as materialized (
  select change_seq from study_clock where study_id = $1 and (max_running is null or running < max_running) for update
), w as materialized (
  select t.number, t.attempt, t.worker, coalesce(t.lease_seconds, $4) as lease_seconds from l cross join trial t join trial seen on seen.study_id = $1 and seen.number = $2 and seen.seq = t.seq
  where t.study_id = $1 and t.number = $2 and t.state = 1 and t.attempt = coalesce($3::int, 1) for update of t
), upd as (
  update trial t set state = 2, seq = l.change_seq + 1 from l, w where t.study_id = $1 and t.number = w.number
), lease as (
  insert into running (study_id, number, attempt, worker, lease_seconds, lease_expires_at, kept, parted)
  select $1, w.number, w.attempt, w.worker, w.lease_seconds, now() + make_interval(secs => w.lease_seconds), p.last, p.last
  from w cross join lateral (
    select coalesce(max(last), 0) as last from curve_part where study_id = $1 and number = w.number and attempt = w.attempt
  ) p returning number
), u as (
  update study_clock s set change_seq = s.change_seq + 1, running = s.running + 1, waiting = s.waiting - 1
  where s.study_id = $1 and exists (select from w)
), log as (${logChanges("l.change_seq + 1", "array[w.number]", "l, w")}
)
select number from lease`,
};

/**
 * Gives a trial whose lease had ended back to the worker of its newest attempt, which is alive after all, if nobody has
 * taken it and the study has room; answers whether it did. The new lease is as long as the one that ended.
 *
 * @param leaseSeconds - for a lease that a replica of an earlier release has ended, which does not keep how long it was
 */
export async function reclaimLease(
  pool: Pool,
  studyId: number,
  number: number,
  attempt: number | undefined,
  leaseSeconds: number,
): Promise<boolean> {
  return (await run(pool, reclaimStatement, [studyId, number, attempt ?? null, leaseSeconds])).length > 0;
}

const heldStatement: Statement = {
  name: "lease_held",
  text: `select number, attempt from running where study_id = $1 and worker = $2 order by number limit $3`,
};

/** The trials that a worker holds, with their attempts, oldest first. */
export async function trialsHeldBy(
  pool: Pool,
  studyId: number,
  worker: string,
  limit: number,
): Promise<{ number: number; attempt: number }[]> {
  return run(pool, heldStatement, [studyId, worker, limit]);
}
