import type { Member } from "@asktell/proto/asktell/v1/project_service_pb";
import { describeProblem, type Problem } from "../api/problem.ts";

/** The people of a project. */
export interface Members {
  /** In the order in which they first signed in; undefined until the first answer. */
  readonly list: readonly Member[] | undefined;
  readonly problem: Problem | undefined;
  refresh(): void;
}

/** @param project called in a reactive context: `projects/{project}`; undefined: asks nothing */
export function createMembers(project: () => string | undefined): Members {
  let list = $state.raw<readonly Member[]>();
  let problem = $state.raw<Problem>();
  let rounds = $state(0);

  $effect(() => {
    void rounds;
    const parent = project();
    if (parent === undefined) return;
    const stop = new AbortController();
    async function load(parent: string): Promise<void> {
      try {
        const { projectService } = await import("../api/project-client.ts");
        const found: Member[] = [];
        let pageToken = "";
        do {
          const page = await projectService.listMembers(
            { parent, pageSize: 1_000, pageToken },
            { signal: stop.signal },
          );
          found.push(...page.members);
          pageToken = page.nextPageToken;
        } while (pageToken !== "");
        list = found;
        problem = undefined;
      } catch (error) {
        if (!stop.signal.aborted) problem = describeProblem(error);
      }
    }
    void load(parent);
    return () => stop.abort();
  });

  return {
    get list() {
      return list;
    },
    get problem() {
      return problem;
    },
    refresh: () => (rounds += 1),
  };
}
