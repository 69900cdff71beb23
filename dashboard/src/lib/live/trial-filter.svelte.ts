import { trials } from "../api/clients.ts";
import { createAsked } from "./asked.svelte.ts";
import type { StudyFeed } from "./study-feed.svelte.ts";

const AFRESH = 3_000; // ms between questions while the study goes on

/** Which trials an expression names. The server reads it, by the grammar that ListTrials documents: one grammar for page and programs. */
export function createTrialFilter(source: () => StudyFeed, expression: () => string) {
  const name = $derived(source().study?.name);
  const revision = $derived(source().study?.revision);
  const filter = $derived(expression().trim());
  let seen: bigint | undefined;

  const asked = createAsked(
    () => {
      const [study, wanted] = [name, filter];
      if (wanted === "" || study === undefined) return undefined;
      seen = undefined;
      return async (signal) => {
        seen = revision;
        const { numbers } = await trials.findTrials({ study, filter: wanted }, { signal });
        return new Set(numbers);
      };
    },
    { rest: () => AFRESH, keeps: true },
  );
  $effect(() => {
    if (revision !== undefined && seen !== revision) asked.again();
  });

  return {
    /** The numbers of the trials that match; undefined without an expression. */
    get matching(): ReadonlySet<number> | undefined {
      return asked.value;
    },
    get problem() {
      return asked.problem;
    },
    get busy() {
      return asked.busy;
    },
  };
}
