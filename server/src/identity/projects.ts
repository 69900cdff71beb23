import type { MemberTable } from "../store/cold/members.ts";
import type { ProjectRow, ProjectTable } from "../store/cold/projects.ts";
import { ProjectNotFoundError } from "./errors.ts";
import { roleNumber } from "./scope.ts";

export type Project = ProjectRow;

export interface Projects {
  /** Throws ProjectNotFoundError. */
  getProject(name: string): Promise<Project>;
  /**
   * The project that is a user's own, made at the first call, named after the person as well as names allow: letters, digits, `.`, `_`
   * and `-` of `suggestedName`, with a number behind it if that is taken.
   */
  personalProject(user: { id: number; suggestedName: string; displayName: string }): Promise<Project>;
  /** Makes a user admin of the project that every installation has: whoever owns the machine owns it. */
  adoptDefaultProject(userId: number): Promise<Project>;
}

/** The project that every installation has, made with its database. */
export const defaultProjectName = "default";

const maxNameLength = 63;

export function createProjects(
  table: ProjectTable,
  members: MemberTable,
  changed: (userId: number) => void,
): Projects {
  async function getProject(name: string): Promise<Project> {
    const project = await table.findByName(name);
    if (project === undefined) throw new ProjectNotFoundError(`There is no project "${name}".`);
    return project;
  }

  return {
    getProject,

    async personalProject({ id, suggestedName, displayName }) {
      const stem = nameFrom(suggestedName);
      for (let number = 1; ; number++) {
        const own = await table.findPersonal(id);
        if (own !== undefined) return own;
        const suffix = number === 1 ? "" : `-${number}`;
        const name = stem.slice(0, maxNameLength - suffix.length) + suffix;
        const made = await table.insert({ name, displayName, adminId: id, isPersonal: true });
        changed(id);
        if (made !== undefined) return made;
      }
    },

    async adoptDefaultProject(userId) {
      const project = await getProject(defaultProjectName);
      await members.give(project.id, userId, roleNumber("admin"));
      changed(userId);
      return project;
    },
  };
}

/** A project's name from a person's: without accents and what names may not hold; `user` if nothing is left. */
export function nameFrom(text: string): string {
  const plain = text
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, "-")
    .replaceAll(/^[^a-z0-9]+|[^a-z0-9]+$/g, "");
  return plain.slice(0, maxNameLength) || "user";
}
