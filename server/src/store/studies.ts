import type { Pool } from "pg";
import { withTransaction } from "./pool.ts";
import { type StudyState, studyStates } from "./states.ts";
import { type Clock, type ClockRow, clockColumns, clockOf } from "./hot/clock.ts";
import { type Statement, run } from "./hot/statement.ts";
import type { StoredSource } from "./sources.ts";

type Json = Readonly<Record<string, unknown>>;

/** A study as the tables hold it, apart from its trials. */
export interface StudyRecord {
  readonly id: number;
  readonly projectName: string;
  readonly name: string;
  readonly displayName: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly attributes: Json;
  readonly note: string;
  /** Counts the changes of the study's own fields. */
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** The specification in force, as written by the caller. */
  readonly spec: Json;
  readonly clock: Clock;
  /** When the trial that changed last was created, handed out or ended; undefined without trials. */
  readonly lastActivityAt: Date | undefined;
}

/** What of a specification the clock's budgets need. */
export interface Limits {
  readonly maxTrials: number | undefined;
  readonly maxRunning: number | undefined;
  readonly maxAttempts: number;
}

export interface NewStudy extends Limits {
  readonly projectId: number;
  readonly name: string;
  readonly uid: string;
  readonly displayName: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly attributes: Json;
  readonly note: string;
  readonly spec: Json;
  /** 1 to minimise, −1 to maximise, 0 with several objectives. */
  readonly goal: number;
  /** What it takes over from earlier studies. */
  readonly sources: readonly StoredSource[];
}

const columns = `d.id, p.name as project_name, d.name, d.display_name, d.labels, d.attributes, d.note, d.version, d.created_at, d.updated_at,
  v.spec, ${clockColumns},
  (select greatest(t.created_at, t.started_at, t.ended_at) from trial t where t.study_id + 0 = d.id order by t.seq desc limit 1) as last_activity_at`;

const tables = `study d join project p on p.id = d.project_id join study_clock s on s.study_id = d.id
  join study_spec v on v.study_id = d.id and v.version = s.spec_version`;

interface Row extends ClockRow {
  id: number;
  project_name: string;
  name: string;
  display_name: string;
  labels: Record<string, string>;
  attributes: Record<string, unknown>;
  note: string;
  version: number;
  created_at: Date;
  updated_at: Date;
  spec: Record<string, unknown>;
  last_activity_at: Date | null;
}

function studyRecord(row: Row): StudyRecord {
  return {
    id: row.id,
    projectName: row.project_name,
    name: row.name,
    displayName: row.display_name,
    labels: row.labels,
    attributes: row.attributes,
    note: row.note,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    spec: row.spec,
    clock: clockOf(row),
    lastActivityAt: row.last_activity_at ?? undefined,
  };
}

const insertStatement: Statement = {
  name: "study_insert",
  text: `
with d as (
  insert into study (project_id, name, uid, display_name, labels, attributes, note) values ($1, $2, $3, $4, $5::jsonb, $6::jsonb, $7)
  on conflict (project_id, name) do nothing returning id
), v as (
  insert into study_spec (study_id, version, spec) select id, 1, $8::jsonb from d
), s as (
  insert into study_clock (study_id, state, spec_version, max_trials, max_running, max_attempts, goal)
  select id, 1, 1, $9, $10, $11, $12 from d
), w as (
  insert into study_source (study_id, position, name, trials)
  select d.id, x.ord - 1, x.name, x.trials::jsonb
  from d cross join unnest($13::text[], $14::text[]) with ordinality as x(name, trials, ord)
)
select id from d union all select id from study where uid = $3`,
};

/** Creates a study, or finds the one that it has created before; undefined when the project has another of this name. */
export async function insertStudy(pool: Pool, study: NewStudy): Promise<number | undefined> {
  const [row] = await run<{ id: number }>(pool, insertStatement, [
    study.projectId,
    study.name,
    study.uid,
    study.displayName,
    JSON.stringify(study.labels),
    JSON.stringify(study.attributes),
    study.note,
    JSON.stringify(study.spec),
    study.maxTrials ?? null,
    study.maxRunning ?? null,
    study.maxAttempts,
    study.goal,
    study.sources.map(({ name }) => name),
    study.sources.map(({ trials }) => JSON.stringify(trials)),
  ]);
  return row?.id;
}

const byNameStatement: Statement = {
  name: "study_by_name",
  text: `select ${columns} from ${tables} where d.project_id = $1 and d.name = $2`,
};

const byIdStatement: Statement = {
  name: "study_by_id",
  text: `select ${columns} from ${tables} where d.id = $1`,
};

/** The study of this name in a project. */
export async function readStudyByName(
  pool: Pool,
  projectId: number,
  name: string,
): Promise<StudyRecord | undefined> {
  const [row] = await run<Row>(pool, byNameStatement, [projectId, name]);
  return row === undefined ? undefined : studyRecord(row);
}

/** The study of this id. */
export async function readStudy(pool: Pool, id: number): Promise<StudyRecord | undefined> {
  const [row] = await run<Row>(pool, byIdStatement, [id]);
  return row === undefined ? undefined : studyRecord(row);
}

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
select ${columns} from ${tables}
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
  const rows = await run<Row>(pool, listStatement, [...values, before ?? null, limit]);
  const [count] = await run<{ total: number }>(pool, countStatement, values);
  return { studies: rows.map(studyRecord), total: count?.total ?? 0 };
}

export interface StudyChange extends Limits {
  readonly id: number;
  /** The version that the change was made from; another one refuses it. */
  readonly version: number;
  readonly displayName: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly attributes: Json;
  readonly note: string;
  /** The new specification; undefined leaves it as it is. */
  readonly spec: Json | undefined;
}

/**
 * Changes a study's own fields; answers false, with nothing done, if its version is another. A new `max_trials` that the ended
 * trials already fill finishes the study.
 */
export async function updateStudy(pool: Pool, change: StudyChange): Promise<boolean> {
  return withTransaction(pool, async (client) => {
    // The clock first, as in every statement that locks more than one row of a study.
    await client.query("select from study_clock where study_id = $1 for update", [change.id]);
    const updated = await client.query(
      `update study set display_name = $3, labels = $4, attributes = $5, note = $6, version = version + 1, updated_at = now()
       where id = $1 and version = $2`,
      [
        change.id,
        change.version,
        change.displayName,
        JSON.stringify(change.labels),
        JSON.stringify(change.attributes),
        change.note,
      ],
    );
    if (updated.rowCount === 0) return false;
    if (change.spec !== undefined) {
      await client.query(
        `insert into study_spec (study_id, version, spec) select $1, spec_version + 1, $2 from study_clock where study_id = $1`,
        [change.id, JSON.stringify(change.spec)],
      );
    }
    await client.query(
      `update study_clock set change_seq = change_seq + 1, spec_version = spec_version + $2, max_trials = $3, max_running = $4, max_attempts = $5,
         state = case when state <> 3 and next_number >= $3 and waiting = 0 and running = 0 then 3 else state end,
         finish_reason = case when state <> 3 and next_number >= $3 and waiting = 0 and running = 0 then 2 else finish_reason end,
         finished_at = case when state <> 3 and next_number >= $3 and waiting = 0 and running = 0 then now() else finished_at end
       where study_id = $1`,
      [
        change.id,
        change.spec === undefined ? 0 : 1,
        change.maxTrials ?? null,
        change.maxRunning ?? null,
        change.maxAttempts,
      ],
    );
    return true;
  });
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

const trialTables = ["running", "curve_part", "late_observation", "request", "trial"] as const;

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
