import { type Asked, createAsked } from "./asked.svelte.ts";
import { paceOf } from "./pace.ts";
import type { StudyFeed } from "./study-feed.svelte.ts";

/** An analysis by the server, kept up to date while the study goes on. */
export type Answer<T> = Pick<Asked<T>, "value" | "problem">;

/**
 * Asks again whenever the question changes, and after trials have ended, at a pace that leaves the server at rest most of the time.
 *
 * @param question called in a reactive context: reads what the question depends on, and answers how to ask it; undefined asks nothing
 */
export function createAnswer<T>(
  source: () => StudyFeed,
  question: () => ((study: string, options: { signal: AbortSignal }) => Promise<T>) | undefined,
): Answer<T> {
  const feed = $derived(source());
  const name = $derived(feed.study?.name);
  const ended = $derived.by(() => {
    const counts = feed.study?.trialCounts;
    return counts === undefined ? 0 : counts.completed + counts.pruned + counts.failed + counts.infeasible;
  });

  const asked = createAsked(
    () => {
      const [study, call] = [name, question()];
      if (study === undefined || call === undefined) return undefined;
      return (signal) => call(study, { signal });
    },
    { rest: paceOf },
  );
  $effect(() => {
    if (ended > 0) asked.again();
  });
  return asked;
}

/** What a chart says in place of the plot while it has nothing to draw; undefined when it has. */
export function emptyText(
  answer: Answer<unknown>,
  hasEnough: boolean,
  otherwise: string,
): string | undefined {
  if (answer.value !== undefined) return hasEnough ? undefined : otherwise;
  return answer.problem === undefined
    ? "Working it out …"
    : `${answer.problem.text} ${answer.problem.advice}`;
}
