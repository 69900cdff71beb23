import type { Pool } from "pg";

/*
 * What a server without coalescing would send for each call: the same tables (a row a report, with its key), the same lock, one commit a
 * call.
 */

const ask = {
  name: "bench_ask",
  text: `with c as (update study_clock set next_number = next_number + 1, change_seq = change_seq + 1, running = running + 1 where study_id = $1
      returning next_number - 1 as number, change_seq),
    t as (insert into trial (study_id, number, state, attempt, seq, params, spec_version, started_at)
      select $1, c.number, 2, 1, c.change_seq, $2::jsonb, 1, now() from c),
    r as (insert into running (study_id, number, attempt, worker, lease_seconds, lease_expires_at)
      select $1, c.number, 1, 'w', 600, now() + interval '600 s' from c)
    select number from c`,
};
const tell = {
  name: "bench_tell",
  text: `with c as (update study_clock set change_seq = change_seq + 1, running = running - 1, completed = completed + 1 where study_id = $1
      returning change_seq),
    r as (delete from running where study_id = $1 and number = $2)
    update trial t set state = 3, "values" = array[$3::float8], seq = c.change_seq, end_seq = c.change_seq, ended_at = now()
    from c where t.study_id = $1 and t.number = $2`,
};
const reportTable = `create table bench_report (study_id bigint, number int, attempt int, step int, "values" float8[] not null, metrics jsonb,
  reported_at timestamptz not null default now(), primary key (study_id, number, attempt, step)) with (autovacuum_vacuum_scale_factor = 0.05)`;
const report = {
  name: "bench_report",
  text: `insert into bench_report (study_id, number, attempt, step, "values") values ($1, $2, 1, $3, array[$4::float8])
    on conflict (study_id, number, attempt, step) do update set "values" = excluded."values"`,
};
const fill = `with r as (insert into running (study_id, number, attempt, worker, lease_seconds, lease_expires_at)
    select $1, n, 1, 'w', 600, now() + interval '600 s' from generate_series($2::int, $2 + $3 - 1) n),
  c as (update study_clock set next_number = next_number + $3, change_seq = change_seq + $3, running = running + $3 where study_id = $1)
  insert into trial (study_id, number, state, attempt, seq, params, spec_version, started_at)
  select $1, n, 2, 1, n, $4::jsonb, 1, now() from generate_series($2::int, $2 + $3 - 1) n`;

const params = JSON.stringify({
  x0: 0.123456789,
  x1: 0.223456789,
  x2: 0.323456789,
  x3: 0.423456789,
  x4: 0.523456789,
});

/** Makes the table that single reports go to. */
export async function prepareSingleReports(pool: Pool): Promise<void> {
  await pool.query(reportTable);
}

/** One statement a call, for one study. */
export function createSingleCalls(pool: Pool, studyId: number) {
  return {
    /** Answers the trial's number. */
    async ask(): Promise<number> {
      const { rows } = await pool.query<{ number: number }>({ ...ask, values: [studyId, params] });
      return rows[0]?.number ?? -1;
    },
    report: (number: number, step: number) => pool.query({ ...report, values: [studyId, number, step, 0.5] }),
    tell: (number: number) => pool.query({ ...tell, values: [studyId, number, 0.5] }),
    /** Makes running trials in bulk, from a number on. */
    fill: (first: number, count: number) => pool.query(fill, [studyId, first, count, params]),
  };
}
