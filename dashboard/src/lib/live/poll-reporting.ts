import { describeProblem, type Problem } from "../api/problem.ts";
import { type Poll, poll, type PollPace } from "./poll.ts";

/**
 * Polls for what there is one answer to.
 *
 * @param ask is called outside of every reactive context; throws when it has no answer
 * @param report is told after each question what went wrong, undefined when nothing did
 */
export function pollReporting(
  ask: (signal: AbortSignal) => Promise<void>,
  report: (problem: Problem | undefined) => void,
  pace: PollPace,
): Poll {
  return poll(async (signal) => {
    try {
      await ask(signal);
    } catch (error) {
      if (!signal.aborted) report(describeProblem(error));
      return false;
    }
    report(undefined);
    return true;
  }, pace);
}
