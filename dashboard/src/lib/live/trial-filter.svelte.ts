import { untrack } from "svelte";
import { trials } from "../api/clients.ts";
import { describeProblem, type Problem } from "../api/problem.ts";
import { createPaced } from "./paced.ts";
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
    let asked: bigint | undefined;
    const paced = createPaced(
      async (signal) => {
        busy = true;
        asked = revision;
        try {
          const { numbers } = await trials.findTrials({ study, filter: wanted }, { signal });
          matching = new Set(numbers);
          problem = undefined;
        } catch (error) {
          if (signal.aborted) return;
          problem = describeProblem(error);
          if (problem.temporary) paced.want();
        }
        busy = false;
      },
      () => AFRESH,
    );
    again = () => {
      if (asked !== untrack(() => revision)) paced.want();
    };
    busy = true;
    paced.want();
    return () => {
      paced.stop();
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
