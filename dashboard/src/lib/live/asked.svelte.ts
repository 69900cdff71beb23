import { untrack } from "svelte";
import { describeProblem, type Problem } from "../api/problem.ts";
import { createPaced } from "./paced.ts";

/** A question that the server is asked now and again. */
export interface Asked<T> {
  /** The newest answer; undefined before the first. */
  readonly value: T | undefined;
  /** Why there is no newer one. */
  readonly problem: Problem | undefined;
  /** Whether an answer is on its way. */
  readonly busy: boolean;
  /** Asks once more, when the last answer is a while old. */
  again(): void;
}

export interface AskedOptions {
  /** How long to wait before asking again what took this long to answer, both ms. */
  readonly rest: (took: number) => number;
  /** Whether the former question's answer stands until the new one's is there. @default false */
  readonly keeps?: boolean;
}

/**
 * Asks at once whenever the question changes, and again when told to or when the server could not answer for the time being.
 *
 * @param question called in a reactive context: reads what the question depends on, and answers how to ask it; undefined asks nothing
 */
export function createAsked<T>(
  question: () => ((signal: AbortSignal) => Promise<T>) | undefined,
  { rest, keeps = false }: AskedOptions,
): Asked<T> {
  let value = $state.raw<T>();
  let problem = $state.raw<Problem>();
  let busy = $state(false);
  let again = (): void => undefined;

  $effect(() => {
    const ask = question();
    if (ask === undefined || !keeps) {
      value = undefined;
      problem = undefined;
    }
    if (ask === undefined) return;
    const paced = createPaced(async (signal) => {
      busy = true;
      try {
        const answer = await ask(signal);
        if (signal.aborted) return;
        value = answer;
        problem = undefined;
      } catch (error) {
        if (signal.aborted) return;
        problem = describeProblem(error);
        if (problem.temporary) paced.want();
      }
      busy = false;
    }, rest);
    again = paced.want;
    busy = true;
    paced.want();
    return () => {
      paced.stop();
      busy = false;
      again = () => undefined;
    };
  });

  return {
    get value() {
      return value;
    },
    get problem() {
      return problem;
    },
    get busy() {
      return busy;
    },
    again: () => untrack(() => again()),
  };
}
