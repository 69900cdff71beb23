import type { Study, StudyState } from "@asktell/proto/asktell/v1/study_pb";
import { studies } from "../api/clients.ts";
import type { Problem } from "../api/problem.ts";
import { pollReporting } from "./poll-reporting.ts";

/** What to list. */
export interface StudyQuery {
  /** The project's resource name; empty: the reader's own. */
  readonly parent: string;
  readonly search: string;
  readonly state: StudyState;
  /** Labels that a study must have, all of them. */
  readonly labels: Readonly<Record<string, string>>;
}

const pace = { every: 2_000, slowest: 15_000 }; // ms
const PAGE = 100;

/** The list of studies, asked for again every two seconds while somebody looks. */
export function createStudyList(query: () => StudyQuery) {
  let list = $state.raw<readonly Study[]>();
  let total = $state(0);
  let problem = $state.raw<Problem>();
  let pages = $state(1);
  let current = $state(false);
  let wake: () => void = () => undefined;

  $effect(() => {
    const { parent, search, state, labels } = query();
    current = false;
    const wanted = pages;
    const { refresh, stop } = pollReporting(
      async (signal) => {
        const found: Study[] = [];
        let pageToken = "";
        for (let page = 0; page < wanted; page++) {
          const answer = await studies.listStudies(
            { parent, search, state, labels, pageSize: PAGE, pageToken },
            { signal },
          );
          found.push(...answer.studies);
          total = answer.totalSize;
          pageToken = answer.nextPageToken;
          if (pageToken === "") break;
        }
        list = found;
        current = true;
      },
      (found) => (problem = found),
      pace,
    );
    wake = refresh;
    return stop;
  });

  return {
    /** The studies, newest first; undefined until the first answer. */
    get studies() {
      return list;
    },
    /** Whether the list answers the present query, not the one before. */
    get current() {
      return current;
    },
    /** How many match in all. */
    get total() {
      return total;
    },
    get problem() {
      return problem;
    },
    /** Whether there are more than are shown. */
    get more() {
      return (list?.length ?? 0) < total;
    },
    showMore(): void {
      pages += 1;
    },
    /** Asks again now. */
    refresh(): void {
      wake();
    },
  };
}
