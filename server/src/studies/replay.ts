import { createHistory } from "../optimizer/history.ts";
import { createSampler } from "../optimizer/samplers/index.ts";
import type { Params } from "../optimizer/space/parameter.ts";
import { createSpace } from "../optimizer/space/space.ts";
import { suggest } from "../optimizer/suggest.ts";
import { type TrialState, isTerminal } from "../store/states.ts";
import type { StudySpec } from "./spec.ts";

/** What replaying needs of a trial. */
export interface ReplayTrial {
  readonly number: number;
  readonly state: TrialState;
  readonly params: Params;
  readonly values: readonly number[];
  readonly violation: number;
  readonly curve: { readonly steps: readonly number[]; readonly values: readonly number[] };
  /** The study's change number at which it ended; 0 while it has not. */
  readonly endRevision: number;
  readonly sampler: string;
  readonly historyRevision: number;
  readonly specVersion: number;
  readonly fixed: Params | undefined;
}

/** The history that the sampler saw for a trial: all trials before it, of which those ended by its revision have results. */
function historyFor(spec: StudySpec, trials: readonly ReplayTrial[], target: ReplayTrial) {
  const history = createHistory(createSpace(spec.parameters), spec.objectives);
  const before = trials
    .filter(({ number }) => number < target.number)
    .toSorted((a, b) => a.number - b.number);
  for (const { number, params } of before) history.addPending(number, params);
  const ended = before.filter(({ endRevision }) => endRevision > 0 && endRevision <= target.historyRevision);
  for (const trial of ended.toSorted((a, b) => a.endRevision - b.endRevision)) {
    if (!isTerminal(trial.state)) continue;
    const { values, violation, curve, endRevision } = trial;
    history.end(trial.number, { outcome: trial.state, values, violation, curve, revision: endRevision });
  }
  return history;
}

/**
 * Computes again the parameters of a sampled trial, from nothing but the study's specification and its trials: the same
 * numbers, bit for bit, as were handed out (promise 6). Undefined for trials whose point a user gave.
 *
 * @param specs - the versions of the specification, the first one being version 1
 */
export function replayTrial(
  specs: readonly StudySpec[],
  trials: readonly ReplayTrial[],
  target: ReplayTrial,
): Params | undefined {
  if (target.sampler === "enqueued" || target.sampler === "imported") return undefined;
  const spec = specs[target.specVersion - 1];
  if (spec === undefined)
    throw new RangeError(
      `trial ${target.number} follows version ${target.specVersion} of the specification, which is missing`,
    );
  const history = historyFor(spec, trials, target);
  const sampler = createSampler(spec.sampler, history.space, spec.objectives);
  const { number, fixed } = target;
  const suggested = suggest({
    space: history.space,
    sampler,
    history,
    number,
    seed: spec.seed,
    fixed,
    replicates: spec.replicates,
  });
  return suggested === "exhausted" ? undefined : suggested.params;
}
