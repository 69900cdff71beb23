import type { Pool } from "pg";
import { filterSql } from "./filter-sql.ts";
import { createSqlValues } from "./sql-values.ts";
import type { TrialFilter } from "./trial-query.ts";

/** The numbers of the trials that match a filter (every trial without one), ascending. */
export async function findTrials(
  pool: Pool,
  studyId: number,
  filter: TrialFilter | undefined,
): Promise<number[]> {
  const sql = createSqlValues();
  const condition = filter === undefined ? "" : ` and ${filterSql(filter, sql)}`;
  const text = `
select coalesce(json_agg(t.number order by t.number), '[]') as numbers
from trial t where t.study_id = ${sql.bind(studyId, "bigint")}${condition}`;
  // Not a named statement: there are as many texts as there are filters. One list of JSON is parsed at once.
  const { rows } = await pool.query<{ numbers: number[] }>(text, [...sql.values]);
  return rows[0]?.numbers ?? [];
}
