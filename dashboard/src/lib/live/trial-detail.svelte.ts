import type { Trial } from "@asktell/proto/asktell/v1/trial_pb";
import { trials } from "../api/clients.ts";
import { describeProblem, type Problem } from "../api/problem.ts";
import { RUNNING } from "../data/trial-columns.ts";
import type { StudyFeed } from "./study-feed.svelte.ts";

const EVERY = 2_000; // ms while the trial runs

/** One trial, whole: asked for when it changes, and every two seconds while it runs. */
export function createTrialDetail(source: () => StudyFeed, number: () => number) {
  let trial = $state.raw<Trial>();
  let problem = $state.raw<Problem>();
  const feed = $derived(source());
  const name = $derived(`${feed.study?.name}/trials/${number()}`);
  const revision = $derived(feed.columns.revision[number()] ?? -1);

  $effect(() => {
    void revision;
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    void load();
    return () => {
      clearTimeout(timer);
      stop.abort();
    };

    async function load(): Promise<void> {
      try {
        const answer = await trials.getTrial({ trial: name }, { signal: stop.signal });
        trial = answer.trial;
        problem = undefined;
      } catch (error) {
        if (stop.signal.aborted) return;
        problem = describeProblem(error);
      }
      if (!stop.signal.aborted && (trial?.state === RUNNING || problem?.temporary === true))
        timer = setTimeout(() => void load(), EVERY);
    }
  });

  return {
    get trial() {
      return trial;
    },
    get problem() {
      return problem;
    },
  };
}
