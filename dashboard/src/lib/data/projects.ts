import type { Project } from "@asktell/proto/asktell/v1/project_service_pb";

/** The last part of a project's resource name. */
export function projectId(project: Pick<Project, "name">): string {
  return project.name.slice("projects/".length);
}

export function projectTitle(project: Pick<Project, "name" | "displayName" | "personal">): string {
  const title = project.displayName === "" ? projectId(project) : project.displayName;
  return project.personal ? `${title} (personal)` : title;
}

/** The project in which the server looks names up that come without one: the reader's own, else the one of every installation. */
export function homeProject<P extends Pick<Project, "name" | "personal">>(list: readonly P[]): P | undefined {
  return (
    list.find(({ personal }) => personal) ?? list.find(({ name }) => name === "projects/default") ?? list[0]
  );
}
