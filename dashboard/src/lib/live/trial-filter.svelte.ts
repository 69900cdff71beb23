import { trials } from "../api/clients.ts";
import { describeProblem, type Problem } from "../api/problem.ts";
import type { StudyFeed } from "./study-feed.svelte.ts";

const AFRESH = 3_000; // ms between questions while the study goes on

/** Which trials an expression names. The server reads it, by the grammar that ListTrials documents: one grammar for page and programs. */
export function createTrialFilter(source: () => StudyFeed, expression: () => string) {
  let matching = $state.raw<ReadonlySet<number>>();
  let problem = $state.raw<Problem>();
  let busy = $state(false);
  let asked = { expression: "", revision: -1n, at: 0 };
  const feed = $derived(source());

  $effect(() => {
    const filter = expression().trim();
    const study = feed.study;
    if (filter === "" || study === undefined) {
      matching = undefined;
      problem = undefined;
      asked = { expression: "", revision: -1n, at: 0 };
      return;
    }
    if (asked.expression === filter && asked.revision === study.revision) return;
    const wait = asked.expression === filter ? Math.max(0, asked.at + AFRESH - Date.now()) : 0;
    const stop = new AbortController();
    const timer = setTimeout(() => void ask(study.name, filter, study.revision, stop.signal), wait);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  });

  async function ask(study: string, filter: string, revision: bigint, signal: AbortSignal): Promise<void> {
    busy = true;
    try {
      const answer = await trials.findTrials({ study, filter }, { signal });
      asked = { expression: filter, revision, at: Date.now() };
      matching = new Set(answer.numbers);
      problem = undefined;
    } catch (error) {
      if (signal.aborted) return;
      asked = { expression: filter, revision, at: Date.now() };
      problem = describeProblem(error);
    } finally {
      if (!signal.aborted) busy = false;
    }
  }

  return {
    /** The numbers of the trials that match; undefined without an expression. */
    get matching() {
      return matching;
    },
    get problem() {
      return problem;
    },
    get busy() {
      return busy;
    },
  };
}
