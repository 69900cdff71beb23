import type { Pool } from "pg";
import { type Statement, run } from "../hot/statement.ts";
import { type StudyState, studyStates } from "../states.ts";
import { type StudyRecord, type StudyRow, studyColumns, studyRecord, studyTables } from "./record.ts";

export interface StudyFilter {
  readonly projectId: number;
  readonly state: StudyState | undefined;
  /** Studies that have all of these labels. */
  readonly labels: Readonly<Record<string, string>>;
  /** Text that the name or display name contains, whatever its case; empty for all. */
  readonly search: string;
}

const listStatement: Statement = {
  name: "study_list",
  text: `
select ${studyColumns} from ${studyTables}
where d.project_id = $1 and ($2::smallint is null or s.state = $2) and d.labels @> $3::jsonb
  and (strpos(lower(d.name), $4) > 0 or strpos(lower(d.display_name), $4) > 0) and ($5::bigint is null or d.id < $5)
order by d.id desc limit $6`,
};

const countStatement: Statement = {
  name: "study_count",
  text: `
select count(*)::int as total from study d join study_clock s on s.study_id = d.id
where d.project_id = $1 and ($2::smallint is null or s.state = $2) and d.labels @> $3::jsonb
  and (strpos(lower(d.name), $4) > 0 or strpos(lower(d.display_name), $4) > 0)`,
};

/** Studies newest first, `limit` of those created before the study `before`, and how many match in all. */
export async function listStudies(
  pool: Pool,
  filter: StudyFilter,
  before: number | undefined,
  limit: number,
): Promise<{ studies: StudyRecord[]; total: number }> {
  const values = [
    filter.projectId,
    filter.state === undefined ? null : studyStates.indexOf(filter.state),
    JSON.stringify(filter.labels),
    filter.search.toLowerCase(),
  ];
  const rows = await run<StudyRow>(pool, listStatement, [...values, before ?? null, limit]);
  const [count] = await run<{ total: number }>(pool, countStatement, values);
  return { studies: rows.map(studyRecord), total: count?.total ?? 0 };
}
