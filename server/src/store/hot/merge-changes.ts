import type { Pool } from "pg";
import { type Statement, run } from "./statement.ts";

/** Trials in a merged row of the log. */
const blockSize = 1_000;

/** Rows that are merged at once. A study is left alone until so many are short. */
const rowsAtOnce = 500;

const isShort = `last_seq - first_seq < ${blockSize - 1}`;

const candidatesStatement: Statement = {
  name: "changes_scattered",
  text: `select study_id from trial_change where ${isShort} group by study_id having count(*) >= ${rowsAtOnce}`,
};

/** The studies whose log of changes has many short rows. */
export async function studiesWithScatteredChanges(pool: Pool): Promise<number[]> {
  const rows = await run<{ study_id: number }>(pool, candidatesStatement, []);
  return rows.map((row) => row.study_id);
}

/*
 * Takes the rows from the oldest short one on, short or not: what they are merged to must not overlap with any other row, or the log would
 * not be in order. Another replica that does the same waits for the first row and then finds the later ones. Entries that have been
 * superseded fall away, for good: a trial's `seq` only grows.
 */
const mergeStatement: Statement = {
  name: "changes_merge",
  text: `
with former as materialized (
  select last_seq from trial_change
  where study_id = $1 and last_seq >= (select min(last_seq) from trial_change where study_id = $1 and ${isShort})
  order by last_seq limit ${rowsAtOnce} for update
), gone as (
  delete from trial_change where study_id = $1 and last_seq = any(array(select last_seq from former))
  returning first_seq, last_seq, numbers
), entries as (
  select x.number, t.seq, (row_number() over (order by t.seq) - 1) / ${blockSize} as block
  from gone cross join unnest(gone.numbers) as x(number)
  cross join lateral (
    select seq from trial where study_id = $1 and number = x.number and seq between gone.first_seq and gone.last_seq offset 0
  ) t
), merged as (
  insert into trial_change (study_id, first_seq, last_seq, numbers)
  select $1, min(seq), max(seq), array_agg(number order by seq) from entries group by block
)
select count(*)::int as rows from former`,
};

/** Merges the oldest short rows of a study's log of changes; answers whether there are enough for another time. */
export async function mergeChanges(pool: Pool, studyId: number): Promise<boolean> {
  const [found] = await run<{ rows: number }>(pool, mergeStatement, [studyId]);
  return found?.rows === rowsAtOnce;
}
