import { type Clock, type ClockRow, clockColumns, clockOf } from "../hot/clock.ts";

/** A JSON object of the caller's. */
export type Json = Readonly<Record<string, unknown>>;

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

/** What a record is read from, of {@link studyTables}. */
export const studyColumns = `d.id, p.name as project_name, d.name, d.display_name, d.labels, d.attributes, d.note, d.version, d.created_at, d.updated_at,
  v.spec, ${clockColumns},
  (select greatest(t.created_at, t.started_at, t.ended_at) from trial t where t.study_id = d.id and t.number = any(array(
    select unnest(numbers) from (select numbers from trial_change where study_id = d.id order by last_seq desc limit 1) newest))
    order by t.seq desc limit 1) as last_activity_at`;

export const studyTables = `study d join project p on p.id = d.project_id join study_clock s on s.study_id = d.id
  join study_spec v on v.study_id = d.id and v.version = s.spec_version`;

export interface StudyRow extends ClockRow {
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

export function studyRecord(row: StudyRow): StudyRecord {
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
