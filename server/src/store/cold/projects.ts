import { Project } from "../entities/index.ts";
import type { Orm } from "../orm.ts";

export interface ProjectRow {
  readonly id: number;
  readonly name: string;
  readonly displayName: string;
}

export interface ProjectTable {
  findByName(name: string): Promise<ProjectRow | undefined>;
}

export function createProjectTable(orm: Orm): ProjectTable {
  return {
    async findByName(name) {
      const row = await orm.em.fork().findOne(Project, { name });
      return row === null ? undefined : { id: row.id, name: row.name, displayName: row.displayName };
    },
  };
}
