import type { Orm } from "../orm.ts";
import { withRetry } from "../retry.ts";
import { query } from "./query.ts";

export interface ProjectRow {
  readonly id: number;
  readonly name: string;
  readonly displayName: string;
  readonly createdAt: Date;
  /** The user whose own it is; undefined: shared. */
  readonly personalOf: number | undefined;
}

export interface ProjectTable {
  findByName(name: string): Promise<ProjectRow | undefined>;
  findPersonal(userId: number): Promise<ProjectRow | undefined>;
  /** By name; those after a name. Undefined ids: all projects. */
  list(filter: { ids: readonly number[] | undefined; after: string; limit: number }): Promise<ProjectRow[]>;
  /** Makes a project with its first member, an admin, if one is given; undefined when the name is taken, or the user has a personal one. */
  insert(project: {
    name: string;
    displayName: string;
    adminId: number | undefined;
    isPersonal: boolean;
  }): Promise<ProjectRow | undefined>;
  rename(id: number, displayName: string): Promise<ProjectRow | undefined>;
  /** Deletes a project without studies, with its members and tokens; says whether it did. */
  deleteEmpty(id: number): Promise<boolean>;
}

interface Row {
  id: number;
  name: string;
  display_name: string;
  created_at: Date;
  personal_of_id: number | null;
}

const columns = "id, name, display_name, created_at, personal_of_id";

/** Calls go on trying for `deadlineMs` while the database is away, then throw StoreUnavailableError. */
export function createProjectTable(orm: Orm, deadlineMs: number): ProjectTable {
  const again = async (text: string, values: readonly unknown[]) =>
    (await withRetry(() => query<Row>(orm, text, values), { idempotent: true, deadlineMs })).map(toRow);
  const once = async (text: string, values: readonly unknown[]) =>
    (await withRetry(() => query<Row>(orm, text, values), { idempotent: false, deadlineMs })).map(toRow);

  return {
    findByName: async (name) => (await again(`select ${columns} from project where name = $1`, [name]))[0],

    findPersonal: async (userId) =>
      (await again(`select ${columns} from project where personal_of_id = $1`, [userId]))[0],

    list: ({ ids, after, limit }) =>
      again(
        `select ${columns} from project where ($1::bigint[] is null or id = any($1)) and name > $2 collate "C" order by name collate "C" limit $3`,
        [ids ?? null, after, limit],
      ),

    async insert({ name, displayName, adminId, isPersonal }) {
      const rows = await once(
        `with p as (
           insert into project (name, display_name, personal_of_id) values ($1, $2, case when $4 then $3::bigint end)
           on conflict do nothing returning ${columns}
         ), m as (
           insert into project_member (project_id, user_id, source, role) select id, $3::bigint, 1, 4 from p where $3::bigint is not null
         )
         select * from p`,
        [name, displayName, adminId ?? null, isPersonal],
      );
      return rows[0];
    },

    rename: async (id, displayName) =>
      (
        await again(`update project set display_name = $2 where id = $1 returning ${columns}`, [
          id,
          displayName,
        ])
      )[0],

    deleteEmpty(id) {
      const attempt = again(
        `with t as (
           delete from api_token where project_id = $1 and not exists (select from study where project_id = $1)
         )
         delete from project where id = $1 and not exists (select from study where project_id = $1) returning ${columns}`,
        [id],
      );
      return attempt.then(
        (rows) => rows.length > 0,
        (error: unknown) => {
          // Somebody has made a study meanwhile: 23503 is a violated reference.
          if (error instanceof Error && "code" in error && error.code === "23503") return false;
          throw error;
        },
      );
    },
  };
}

function toRow(row: Row): ProjectRow {
  return {
    id: row.id,
    name: row.name,
    displayName: row.display_name,
    createdAt: row.created_at,
    personalOf: row.personal_of_id ?? undefined,
  };
}
