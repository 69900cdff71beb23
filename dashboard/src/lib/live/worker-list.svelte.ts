import type { Worker } from "@asktell/proto/asktell/v1/trial_service_pb";
import { trials } from "../api/clients.ts";
import { describeProblem, type Problem } from "../api/problem.ts";

const EVERY = 2_000; // ms
const SLOWEST = 15_000; // ms, while the server does not answer
const MOST = 1_000; // as many as the API tells

/** Who works on a project's studies, asked for again every two seconds while somebody looks. */
export function createWorkerList(parent: () => string) {
  let list = $state.raw<readonly Worker[]>();
  let total = $state(0);
  let problem = $state.raw<Problem>();

  $effect(() => {
    const project = parent();
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let failures = 0;

    async function load(): Promise<void> {
      clearTimeout(timer);
      try {
        const answer = await trials.listWorkers({ parent: project, pageSize: MOST }, { signal: stop.signal });
        list = answer.workers;
        total = answer.totalSize;
        problem = undefined;
        failures = 0;
      } catch (error) {
        if (stop.signal.aborted) return;
        problem = describeProblem(error);
        failures += 1;
      }
      if (!stop.signal.aborted && !document.hidden)
        timer = setTimeout(() => void load(), Math.min(SLOWEST, EVERY * 2 ** failures));
    }
    const wake = (): void => {
      if (!document.hidden) void load();
    };
    document.addEventListener("visibilitychange", wake);
    void load();
    return () => {
      document.removeEventListener("visibilitychange", wake);
      clearTimeout(timer);
      stop.abort();
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
