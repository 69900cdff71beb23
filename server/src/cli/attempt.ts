import type { Attempt, Project } from "../identity/index.ts";

/** A change by whoever works on the server's machine, for the audit log. */
export function attemptOf(project: Project, command: string, target: string): Attempt {
  return {
    caller: undefined,
    projectId: project.id,
    method: command,
    target: `projects/${project.name}/${target}`,
    address: "",
  };
}
