import type { MemberTable } from "../store/cold/members.ts";
import type { ProjectRow, ProjectTable } from "../store/cold/projects.ts";
import { IdentityError, ProjectNotFoundError } from "./errors.ts";
import { pageOf } from "./page.ts";
import { roleNumber } from "./scope.ts";

export type Project = ProjectRow;

export interface Projects {
  /** Throws ProjectNotFoundError. */
  getProject(name: string): Promise<Project>;
  /** Some projects by name, page by page; undefined ids: all of them. */
  listProjects(
    ids: readonly number[] | undefined,
    page: { pageSize?: number; pageToken?: string },
  ): Promise<{ projects: Project[]; nextPageToken: string }>;
  /** Makes a project with a user as its admin, or without one. Throws IdentityError PROJECT_EXISTS, also for a name that others use unseen. */
  createProject(project: {
    name: string;
    displayName: string;
    adminId: number | undefined;
  }): Promise<Project>;
  renameProject(name: string, displayName: string): Promise<Project>;
  /** Deletes a project without studies, with its tokens. Throws IdentityError PROJECT_NOT_EMPTY, PROJECT_NEEDED. */
  deleteProject(name: string): Promise<void>;
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

    async listProjects(ids, { pageSize, pageToken = "" }) {
      const { limit } = pageOf(pageSize);
      const rows = await table.list({ ids, after: pageToken.replaceAll("\0", ""), limit: limit + 1 });
      const projects = rows.slice(0, limit);
      return { projects, nextPageToken: rows.length > limit ? (projects.at(-1)?.name ?? "") : "" };
    },

    async createProject({ name, displayName, adminId }) {
      const project = await table.insert({ name, displayName, adminId, isPersonal: false });
      if (project === undefined) {
        const message = `the name ${JSON.stringify(name)} is taken: choose another project_id`;
        throw new IdentityError("PROJECT_EXISTS", message);
      }
      if (adminId !== undefined) changed(adminId);
      return project;
    },

    async renameProject(name, displayName) {
      const { id } = await getProject(name);
      const project = await table.rename(id, displayName);
      if (project === undefined) throw new ProjectNotFoundError(`There is no project "${name}".`);
      return project;
    },

    async deleteProject(name) {
      const { id, personalOf } = await getProject(name);
      if (name === defaultProjectName || personalOf !== undefined) {
        const what = personalOf === undefined ? "every installation has it" : "it is somebody's own";
        throw new IdentityError("PROJECT_NEEDED", `the project ${JSON.stringify(name)} stays: ${what}`);
      }
      if (!(await table.deleteEmpty(id))) {
        throw new IdentityError("PROJECT_NOT_EMPTY", "the project has studies: delete them first");
      }
    },

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
