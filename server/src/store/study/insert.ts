import type { Pool } from "pg";
import { type Statement, run } from "../hot/statement.ts";
import type { StoredSource } from "../sources.ts";
import type { Limits } from "./limits.ts";
import type { Json } from "./record.ts";

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
