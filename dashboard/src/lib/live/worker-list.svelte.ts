import type { Worker } from "@asktell/proto/asktell/v1/trial_service_pb";
import { trials } from "../api/clients.ts";
import type { Problem } from "../api/problem.ts";
import { pollReporting } from "./poll-reporting.ts";

const pace = { every: 2_000, slowest: 15_000 }; // ms
const MOST = 1_000; // as many as the API tells

/** Who works on a project's studies, asked for again every two seconds while somebody looks. */
export function createWorkerList(parent: () => string) {
  let list = $state.raw<readonly Worker[]>();
  let total = $state(0);
  let problem = $state.raw<Problem>();

  $effect(() => {
    const project = parent();
    const { stop } = pollReporting(
      async (signal) => {
        const answer = await trials.listWorkers({ parent: project, pageSize: MOST }, { signal });
        list = answer.workers;
        total = answer.totalSize;
      },
      (found) => (problem = found),
      pace,
    );
    return () => {
      stop();
      list = undefined;
    };
  });

  return {
    /** Those that hold trials first; undefined until the first answer. */
    get workers() {
      return list;
    },
    /** How many there are in all. */
    get total() {
      return total;
    },
    get problem() {
      return problem;
    },
  };
}
