import { untrack } from "svelte";
import { describeProblem, type Problem } from "../api/problem.ts";
import { paceOf } from "./pace.ts";
import { createPaced } from "./paced.ts";
import type { StudyFeed } from "./study-feed.svelte.ts";

/** An analysis by the server, kept up to date while the study goes on. */
export interface Answer<T> {
  /** The newest answer to the question as it is now; undefined before the first. */
  readonly value: T | undefined;
  /** Why there is no newer one. */
  readonly problem: Problem | undefined;
}

/**
 * Asks again whenever the question changes, and after trials have ended, at a pace that leaves the server at rest most of the time.
 *
 * @param question called in a reactive context: reads what the question depends on, and answers how to ask it; undefined asks nothing
 */
export function createAnswer<T>(
  source: () => StudyFeed,
  question: () => ((study: string, options: { signal: AbortSignal }) => Promise<T>) | undefined,
): Answer<T> {
  let value = $state.raw<T>();
  let problem = $state.raw<Problem>();
  let ask = (): void => undefined;

  const feed = $derived(source());
  const name = $derived(feed.study?.name);
  const ended = $derived.by(() => {
    const counts = feed.study?.trialCounts;
    return counts === undefined ? 0 : counts.completed + counts.pruned + counts.failed + counts.infeasible;
  });

  $effect(() => {
    const [study, call] = [name, question()];
    value = undefined;
    problem = undefined;
    if (study === undefined || call === undefined) return;
    const paced = createPaced(async (signal) => {
      try {
        const answer = await call(study, { signal });
        if (signal.aborted) return;
        value = answer;
        problem = undefined;
      } catch (error) {
        if (signal.aborted) return;
        problem = describeProblem(error);
        if (problem.temporary) paced.want();
      }
    }, paceOf);
    ask = paced.want;
    ask();
    return () => {
      paced.stop();
      ask = () => undefined;
    };
  });
  $effect(() => {
    if (ended > 0) untrack(() => ask());
  });

  return {
    get value() {
      return value;
    },
    get problem() {
      return problem;
    },
  };
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
