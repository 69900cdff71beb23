import type { Project } from "@asktell/proto/asktell/v1/project_service_pb";
import { projectService } from "../api/project-client.ts";
import { describeProblem, type Problem } from "../api/problem.ts";
import { homeProject } from "../data/projects.ts";

/** Every project in which the reader has a role, the reader's own first. */
export function createProjectList() {
  let list = $state.raw<readonly Project[]>();
  let problem = $state.raw<Problem>();

  async function load(): Promise<void> {
    try {
      const found: Project[] = [];
      let pageToken = "";
      do {
        const page = await projectService.listProjects({ pageSize: 1_000, pageToken });
        found.push(...page.projects);
        pageToken = page.nextPageToken;
      } while (pageToken !== "");
      const home = homeProject(found);
      list = home === undefined ? found : [home, ...found.filter((project) => project !== home)];
      problem = undefined;
    } catch (error) {
      problem = describeProblem(error);
    }
  }
  $effect(() => void load());

  return {
    /** Undefined until the first answer. */
    get list() {
      return list;
    },
    get problem() {
      return problem;
    },
    refresh: (): void => void load(),
  };
}
