import type { AuditEntry } from "@asktell/proto/asktell/v1/project_service_pb";
import { describeProblem, type Problem } from "../api/problem.ts";

/** Which entries; an empty text asks for all. */
export interface AuditQuery {
  /** `projects/{project}`. */
  readonly parent: string;
  readonly actor: string;
  readonly method: string;
  readonly outcome: string;
}

const PAGE = 100;

/** A project's audit log, a page at a time; undefined asks nothing. */
export function createAuditEntries(query: () => AuditQuery | undefined) {
  let list = $state.raw<readonly AuditEntry[]>();
  let problem = $state.raw<Problem>();
  let pageToken = $state("");
  let busy = $state(false);
  let more: () => Promise<void> = () => Promise.resolve();

  $effect(() => {
    const wanted = query();
    if (wanted === undefined) return;
    const stop = new AbortController();
    async function load(after: string): Promise<void> {
      busy = true;
      try {
        const { projectService } = await import("../api/project-client.ts");
        const page = await projectService.listAuditEntries(
          { ...wanted!, pageSize: PAGE, pageToken: after },
          { signal: stop.signal },
        );
        list = after === "" ? page.entries : [...(list ?? []), ...page.entries];
        pageToken = page.nextPageToken;
        problem = undefined;
      } catch (error) {
        if (stop.signal.aborted) return;
        problem = describeProblem(error);
      }
      busy = false;
    }
    more = () => load(pageToken);
    void load("");
    return () => stop.abort();
  });

  return {
    /** Newest first; undefined until the first answer. */
    get list() {
      return list;
    },
    get problem() {
      return problem;
    },
    get hasMore() {
      return pageToken !== "";
    },
    get busy() {
      return busy;
    },
    showMore: (): void => void more(),
  };
}
