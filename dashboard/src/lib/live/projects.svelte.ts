import { resolve } from "$app/paths";
import { page } from "$app/state";
import { Role } from "@asktell/proto/asktell/v1/access_pb";
import type { Project } from "@asktell/proto/asktell/v1/project_service_pb";
import { session } from "../api/session.svelte.ts";
import { homeProject, projectId } from "../data/projects.ts";

let list = $state.raw<readonly Project[]>([]);

/** The projects in which the reader has a role; none while that is not known. */
export const projects = {
  get list(): readonly Project[] {
    return list;
  },
};

export async function loadProjects(): Promise<void> {
  try {
    // Only those who have several need the list: it comes behind the page.
    const { projectService } = await import("../api/project-client.ts");
    list = (await projectService.listProjects({})).projects;
  } catch {
    // The pages themselves say what does not work.
    list = [];
  }
}

/**
 * Whether the reader has a role in a project, as far as the page knows: the server decides. What a token may do, only the server knows.
 * @param project - its id
 */
export function mayIn(project: string, role: Role): boolean {
  if (session.isLink) return role <= Role.VIEWER;
  if (session.person === undefined || list.length === 0) return true;
  return (list.find((known) => projectId(known) === project)?.role ?? Role.UNSPECIFIED) >= role;
}

/** The project that the address is about, and the addresses of its pages. */
export const currentProject = {
  /** Undefined: the reader's own, in which the server looks names up. */
  get name(): string | undefined {
    const named = page.params["project"] ?? page.url.searchParams.get("project") ?? undefined;
    const home = homeProject(list);
    return home !== undefined && named === projectId(home) ? undefined : named;
  },
  /** As requests name it. */
  get parent(): string {
    return this.name === undefined ? "" : `projects/${this.name}`;
  },
  get studies() {
    return studiesOf(this.name);
  },
  get newStudy() {
    return this.name === undefined ? resolve("/new") : resolve(`/new?${queryOf(this.name)}`);
  },
  get compare() {
    return this.name === undefined ? resolve("/compare") : resolve(`/compare?${queryOf(this.name)}`);
  },
  get tokens() {
    return tokensOf(this.name);
  },
  get workers() {
    return workersOf(this.name);
  },
};

/** @param project - undefined: the reader's own */
export function studiesOf(project: string | undefined) {
  return project === undefined ? resolve("/") : resolve("/projects/[project]", { project });
}

/** @param project - undefined: the reader's own */
export function tokensOf(project: string | undefined) {
  return project === undefined ? resolve("/tokens") : resolve(`/tokens?${queryOf(project)}`);
}

/** @param project - undefined: the reader's own */
export function workersOf(project: string | undefined) {
  return project === undefined ? resolve("/workers") : resolve(`/workers?${queryOf(project)}`);
}

const queryOf = (project: string) => new URLSearchParams({ project }).toString();
