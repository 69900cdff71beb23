import type { Pool } from "pg";
import { type Statement, run } from "../hot/statement.ts";

const deleteStatement: Statement = {
  name: "study_delete",
  text: `
with s as (delete from study_clock where study_id = $1 and ($2 or next_number = 0) returning study_id),
v as (delete from study_spec where study_id in (select study_id from s)),
w as (delete from study_source where study_id in (select study_id from s)),
d as (delete from study where id in (select study_id from s)),
m as (insert into deleted_study (study_id) select study_id from s)
select study_id from s`,
};

/**
 * Deletes a study: from this commit on it does not exist for anybody. Its trials go afterwards, by {@link removeDeletedTrials}.
 * Answers false, with nothing done, if it has trials and `force` is not given, or does not exist.
 */
export async function deleteStudy(pool: Pool, studyId: number, force: boolean): Promise<boolean> {
  return (await run(pool, deleteStatement, [studyId, force])).length > 0;
}

const trialTables = [
  "running",
  "curve_part",
  "late_observation",
  "request",
  "trial_change",
  "trial",
] as const;

/** Removes rows of deleted studies, at most some thousands a call, so that no statement is long; answers whether any is left. */
export async function removeDeletedTrials(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query<{ study_id: number }>("select study_id from deleted_study limit 1");
  const studyId = rows[0]?.study_id;
  if (studyId === undefined) return false;
  for (const table of trialTables) {
    const { rowCount } = await pool.query(
      `delete from ${table} where ctid = any(array(select ctid from ${table} where study_id = $1 limit 5000))`,
      [studyId],
    );
    if (rowCount !== null && rowCount > 0) return true;
  }
  await pool.query("delete from deleted_study where study_id = $1", [studyId]);
  return true;
}
