import type { Pool } from "pg";
import { type Statement, run } from "../hot/statement.ts";
import {
  type Json,
  type StudyRecord,
  type StudyRow,
  studyColumns,
  studyRecord,
  studyTables,
} from "./record.ts";

const byNameStatement: Statement = {
  name: "study_by_name",
  text: `select ${studyColumns} from ${studyTables} where d.project_id = $1 and d.name = $2`,
};

const byIdStatement: Statement = {
  name: "study_by_id",
  text: `select ${studyColumns} from ${studyTables} where d.id = $1`,
};

/** The study of this name in a project. */
export async function readStudyByName(
  pool: Pool,
  projectId: number,
  name: string,
): Promise<StudyRecord | undefined> {
  const [row] = await run<StudyRow>(pool, byNameStatement, [projectId, name]);
  return row === undefined ? undefined : studyRecord(row);
}

/** The study of this id. */
export async function readStudy(pool: Pool, id: number): Promise<StudyRecord | undefined> {
  const [row] = await run<StudyRow>(pool, byIdStatement, [id]);
  return row === undefined ? undefined : studyRecord(row);
}

const specsStatement: Statement = {
  name: "study_specs",
  text: `select version, spec, created_at from study_spec where study_id = $1 order by version`,
};

/** Every version of a study's specification, oldest first. */
export async function readSpecs(
  pool: Pool,
  studyId: number,
): Promise<{ version: number; spec: Json; createdAt: Date }[]> {
  const rows = await run<{ version: number; spec: Record<string, unknown>; created_at: Date }>(
    pool,
    specsStatement,
    [studyId],
  );
  return rows.map((row) => ({ version: row.version, spec: row.spec, createdAt: row.created_at }));
}
