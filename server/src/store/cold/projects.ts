import { Project } from "../entities/index.ts";
import type { Orm } from "../orm.ts";
import { withRetry } from "../retry.ts";

export interface ProjectRow {
  readonly id: number;
  readonly name: string;
  readonly displayName: string;
}

export interface ProjectTable {
  findByName(name: string): Promise<ProjectRow | undefined>;
}

/** Calls go on trying for `deadlineMs` while the database is away, then throw StoreUnavailableError. */
export function createProjectTable(orm: Orm, deadlineMs: number): ProjectTable {
  return {
    async findByName(name) {
      const find = () => orm.em.fork().findOne(Project, { name });
      const row = await withRetry(find, { idempotent: true, deadlineMs });
      return row === null ? undefined : { id: row.id, name: row.name, displayName: row.displayName };
    },
  };
}
