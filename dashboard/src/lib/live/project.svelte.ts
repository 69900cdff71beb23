import { Role } from "@asktell/proto/asktell/v1/access_pb";
import type { Project } from "@asktell/proto/asktell/v1/project_service_pb";
import { describeProblem, type Problem } from "../api/problem.ts";

/** A project as the reader may know it. */
export interface ProjectView {
  /** Undefined until the first answer. */
  readonly value: Project | undefined;
  readonly problem: Problem | undefined;
  /** What the reader may do in it; unspecified while that is not known. */
  readonly role: Role;
  /** Takes what a change has answered. */
  accept(project: Project): void;
  refresh(): void;
}

/** @param name called in a reactive context: `projects/{project}`; empty: the reader's own */
export function createProject(name: () => string): ProjectView {
  let value = $state.raw<Project>();
  let problem = $state.raw<Problem>();
  let rounds = $state(0);
  let former = "";

  $effect(() => {
    void rounds;
    const asked = name();
    // Forms that were filled in from another project go with it.
    if (asked !== former) [value, problem] = [undefined, undefined];
    former = asked;
    const stop = new AbortController();
    async function load(): Promise<void> {
      try {
        const { projectService } = await import("../api/project-client.ts");
        value = (await projectService.getProject({ name: asked }, { signal: stop.signal })).project;
        problem = undefined;
      } catch (error) {
        if (stop.signal.aborted) return;
        value = undefined;
        problem = describeProblem(error);
      }
    }
    void load();
    return () => stop.abort();
  });

  return {
    get value() {
      return value;
    },
    get problem() {
      return problem;
    },
    get role() {
      return value?.role ?? Role.UNSPECIFIED;
    },
    accept: (project) => (value = project),
    refresh: () => (rounds += 1),
  };
}
