import type { Token } from "@asktell/proto/asktell/v1/token_service_pb";
import { describeProblem, type Problem } from "../api/problem.ts";
import { tokens } from "../api/token-client.ts";

/** Every token and share link of a project, newest first. @param parent `projects/{project}`; empty: the reader's own */
export function createTokenList(parent: () => string) {
  let list = $state.raw<readonly Token[]>();
  let problem = $state.raw<Problem>();
  let rounds = $state(0);
  let former = "";

  $effect(() => {
    void rounds;
    const project = parent();
    // Under the name of another project they would be taken for its tokens.
    if (project !== former) [list, problem] = [undefined, undefined];
    former = project;
    const stop = new AbortController();
    async function load(): Promise<void> {
      try {
        const found: Token[] = [];
        let pageToken = "";
        do {
          const page = await tokens.listTokens(
            { parent: project, pageSize: 1_000, pageToken },
            { signal: stop.signal },
          );
          found.push(...page.tokens);
          pageToken = page.nextPageToken;
        } while (pageToken !== "");
        list = found;
        problem = undefined;
      } catch (error) {
        if (stop.signal.aborted) return;
        list = undefined;
        problem = describeProblem(error);
      }
    }
    void load();
    return () => stop.abort();
  });

  return {
    /** Undefined until the first answer. */
    get tokens() {
      return list;
    },
    get problem() {
      return problem;
    },
    refresh: (): void => void (rounds += 1),
  };
}
