import type { ProjectRow, ProjectTable } from "../store/cold/projects.ts";
import { ProjectNotFoundError } from "./errors.ts";

export type Project = ProjectRow;

export interface Projects {
  /** Throws ProjectNotFoundError. */
  getProject(name: string): Promise<Project>;
}

/** The project that every installation has, made with its database. */
export const defaultProjectName = "default";

export function createProjects(table: ProjectTable): Projects {
  return {
    async getProject(name) {
      const project = await table.findByName(name);
      if (project === undefined) throw new ProjectNotFoundError(`There is no project "${name}".`);
      return project;
    },
  };
}
