import { untrack } from "svelte";
import { trials } from "../api/clients.ts";
import { describeProblem, type Problem } from "../api/problem.ts";
import type { StudyFeed } from "./study-feed.svelte.ts";

const AFRESH = 3_000; // ms between questions while the study goes on

/** Which trials an expression names. The server reads it, by the grammar that ListTrials documents: one grammar for page and programs. */
export function createTrialFilter(source: () => StudyFeed, expression: () => string) {
  let matching = $state.raw<ReadonlySet<number>>();
  let problem = $state.raw<Problem>();
  let busy = $state(false);
  let again = (): void => undefined;
  const name = $derived(source().study?.name);
  const revision = $derived(source().study?.revision);
  const filter = $derived(expression().trim());

  $effect(() => {
    const [study, wanted] = [name, filter];
    if (wanted === "" || study === undefined) {
      matching = undefined;
      problem = undefined;
      return;
    }
    const stop = new AbortController();
    const options = { signal: stop.signal };
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isStale = false;
    let asked: bigint | undefined;

    async function ask(): Promise<void> {
      busy = true;
      isStale = false;
      asked = untrack(() => revision);
      try {
        matching = new Set((await trials.findTrials({ study: study!, filter: wanted }, options)).numbers);
        problem = undefined;
      } catch (error) {
        if (stop.signal.aborted) return;
        problem = describeProblem(error);
        isStale ||= problem.temporary;
      }
      busy = false;
      timer = setTimeout(rested, AFRESH);
    }
    function rested(): void {
      timer = undefined;
      if (isStale) void ask();
    }
    // Changes of the study come too often to begin afresh at each: the question under way is answered first.
    again = () => {
      if (asked === untrack(() => revision)) return;
      isStale = true;
      if (!untrack(() => busy) && timer === undefined) void ask();
    };
    void ask();
    return () => {
      stop.abort();
      clearTimeout(timer);
      busy = false;
      again = () => undefined;
    };
  });
  $effect(() => {
    if (revision !== undefined) again();
  });

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
