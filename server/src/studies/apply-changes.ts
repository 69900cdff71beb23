import { setImmediate as nextTurn } from "node:timers/promises";
import type { History, Outcome } from "../optimizer/history.ts";
import type { Point } from "../optimizer/space/point.ts";
import type { Space } from "../optimizer/space/space.ts";
import type { TrialChange } from "../store/hot/changes.ts";
import { isTerminal } from "../store/states.ts";
import { curveOf } from "./curve-of.ts";
import { paramsAt } from "./params-at.ts";
import type { StudySpec } from "./spec.ts";
import { excessesOf } from "./values.ts";

/** Trials that are brought into the history in one turn of the event loop: other callers wait for a few milliseconds of it at most. */
const turnSize = 2_000;

/** What a replica knows of a study's trials; changes are brought into the last three. */
export interface KnownTrials {
  readonly space: Space;
  readonly spec: StudySpec;
  readonly history: History;
  /** Trials that wait for a worker, with the attempts that they have had. */
  readonly waiting: Map<number, number>;
  /** Trials that were cancelled before any worker had them. */
  readonly neverRan: Set<number>;
}

/**
 * Brings changes in: new trials by number, since the history is dense, then ends by revision, since it is ordered. Of a trial's changes, the
 * last one counts.
 *
 * @param upTo - change number; what has happened to a trial after it is left for another time
 */
export async function applyChanges(
  { space, spec, history, waiting, neverRan }: KnownTrials,
  changes: readonly TrialChange[],
  upTo: number,
): Promise<void> {
  let done = 0;
  const newest = new Map<number, TrialChange>();
  const paramsOf = ({ params = {}, formerPoints }: TrialChange) => paramsAt({ params, formerPoints }, upTo);
  for (const change of changes) newest.set(change.number, change);
  const sorted = [...newest.values()].toSorted((a, b) => a.number - b.number);
  for (const change of sorted) {
    if (++done % turnSize === 0) await nextTurn();
    if (change.number >= history.size) history.addPending(change.number, paramsOf(change));
    else if (change.formerPoints.length > 0) {
      movePending(history, change.number, space.toPoint(paramsOf(change)));
    }
    if (change.state === "waiting") waiting.set(change.number, change.attempt);
    else waiting.delete(change.number);
  }
  const ended = sorted.filter(
    ({ endRevision, number }) =>
      endRevision > 0 && endRevision <= upTo && history.outcome(number) === "pending",
  );
  for (const { number, hasRun } of ended) if (!hasRun) neverRan.add(number);
  for (const change of ended.toSorted((a, b) => a.endRevision - b.endRevision)) {
    if (++done % turnSize === 0) await nextTurn();
    history.end(change.number, {
      outcome: outcomeOf(change),
      values: change.values,
      violation: change.violation,
      excesses: excessesOf(spec, change.metrics),
      curve: curveOf(change.curveSteps, change.curveValues),
      revision: change.endRevision,
    });
  }
}

/** Takes in that a user has given a waiting trial another point. */
function movePending(history: History, number: number, to: Point): void {
  if (history.outcome(number) !== "pending") return;
  const isSame = history.point(number).every((coordinate, index) => Object.is(coordinate, to[index]));
  if (!isSame) history.movePending(number, to);
}

function outcomeOf({ state }: TrialChange): Exclude<Outcome, "pending"> {
  if (!isTerminal(state)) throw new TypeError(`a trial that is ${state} has not ended`);
  return state;
}
