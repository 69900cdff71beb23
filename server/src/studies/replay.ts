import { type History, createHistory } from "../optimizer/history.ts";
import { createSampler } from "../optimizer/samplers/index.ts";
import type { Sampler } from "../optimizer/samplers/sampler.ts";
import type { Source } from "../optimizer/sources.ts";
import type { Params } from "../optimizer/space/parameter.ts";
import { createSpace } from "../optimizer/space/space.ts";
import { suggest } from "../optimizer/suggest.ts";
import type { FormerPoint } from "../store/hot/trial-row.ts";
import { type TrialState, isTerminal } from "../store/states.ts";
import type { Metrics } from "../store/hot/metrics.ts";
import { paramsAt } from "./params-at.ts";
import type { StudySpec } from "./spec.ts";
import { excessesOf } from "./values.ts";

/** What replaying needs of a trial. */
export interface ReplayTrial {
  readonly number: number;
  readonly state: TrialState;
  readonly params: Params;
  /** What it was before each edit, oldest first. */
  readonly formerPoints: readonly FormerPoint[];
  readonly values: readonly number[];
  readonly violation: number;
  readonly metrics: Metrics;
  readonly curve: { readonly steps: readonly number[]; readonly values: readonly number[] };
  /** The study's change number at which it ended; 0 while it has not. */
  readonly endRevision: number;
  readonly sampler: string;
  readonly historyRevision: number;
  readonly specVersion: number;
  readonly fixed: Params | undefined;
}

/** A suggestion computed again. */
export interface Replayed {
  readonly trial: ReplayTrial;
  /** What the sampler would suggest now, from the same history. */
  readonly computed: Params | undefined;
  readonly isSame: boolean;
}

/** Whether somebody else than a sampler chose a trial's point. */
export function isGiven({ sampler }: ReplayTrial): boolean {
  return sampler === "enqueued" || sampler === "imported";
}

/**
 * Computes again the parameters of every sampled trial, from nothing but the study's specification and its trials: the same numbers,
 * bit for bit, as were handed out (promise 6). The history grows from trial to trial, as it did on the server.
 *
 * @param specs - the versions of the specification, the first one being version 1
 * @param trials - all trials of the study
 * @param sources - what it took over from earlier ones
 */
export function* replayStudy(
  specs: readonly StudySpec[],
  trials: readonly ReplayTrial[],
  sources: readonly Source[] = [],
): Generator<Replayed, void> {
  const inOrder = trials.toSorted((a, b) => a.number - b.number);
  const [first] = specs;
  if (first === undefined) return;
  const changes = inOrder
    .flatMap((trial) => changesOf(first, trial))
    .toSorted((a, b) => a.revision - b.revision);
  const history = historyOf(first);
  const samplers = new Map<number, Sampler>();
  let done = 0;
  for (const trial of inOrder) {
    // Histories only grow: a trial was added with the next number, by a statement that looked for newer changes first.
    for (
      let change = changes[done];
      change !== undefined && change.revision <= trial.historyRevision;
      change = changes[++done]
    ) {
      change.apply(history);
    }
    if (!isGiven(trial)) {
      const spec = specOf(specs, trial);
      const sampler =
        samplers.get(trial.specVersion) ??
        createSampler(spec.sampler, history.space, spec.objectives, sources);
      samplers.set(trial.specVersion, sampler);
      yield replayed(spec, sampler, history, trial);
    }
    history.addPending(trial.number, paramsAt(trial, 0));
  }
}

/** What became of a trial after it was added, and at which change number of its study. */
function changesOf(
  spec: StudySpec,
  trial: ReplayTrial,
): { revision: number; apply: (history: History) => void }[] {
  const edits = trial.formerPoints.map(({ until }) => ({
    revision: until,
    apply: (history: History) =>
      history.movePending(trial.number, history.space.toPoint(paramsAt(trial, until))),
  }));
  const { endRevision: revision } = trial;
  return revision === 0
    ? edits
    : [...edits, { revision, apply: (history: History) => endTrial(history, spec, trial) }];
}

/** The same for one trial, with a history that is built for it alone. @returns undefined for a trial whose point a user gave */
export function replayTrial(
  specs: readonly StudySpec[],
  trials: readonly ReplayTrial[],
  trial: ReplayTrial,
  sources: readonly Source[] = [],
): Replayed | undefined {
  if (isGiven(trial)) return undefined;
  const spec = specOf(specs, trial);
  const history = historyOf(spec);
  const before = trials.filter(({ number }) => number < trial.number).toSorted((a, b) => a.number - b.number);
  for (const other of before) history.addPending(other.number, paramsAt(other, trial.historyRevision));
  const ended = before.filter(({ endRevision }) => endRevision > 0 && endRevision <= trial.historyRevision);
  for (const end of ended.toSorted((a, b) => a.endRevision - b.endRevision)) endTrial(history, spec, end);
  const sampler = createSampler(spec.sampler, history.space, spec.objectives, sources);
  return replayed(spec, sampler, history, trial);
}

function specOf(specs: readonly StudySpec[], { number, specVersion }: ReplayTrial): StudySpec {
  const spec = specs[specVersion - 1];
  if (spec !== undefined) return spec;
  throw new RangeError(
    `trial ${number} follows version ${specVersion} of the specification, which is missing`,
  );
}

/** The fields of a specification that a history rests on never change. */
function historyOf({ parameters, linearConstraints, objectives, constraints }: StudySpec): History {
  return createHistory(createSpace(parameters, linearConstraints), objectives, constraints.length);
}

function endTrial(history: History, spec: StudySpec, trial: ReplayTrial): void {
  const { number, state, values, violation, metrics, curve, endRevision } = trial;
  if (!isTerminal(state)) throw new RangeError(`trial ${number} has ended and is ${state}`);
  const excesses = excessesOf(spec, metrics);
  history.end(number, { outcome: state, values, violation, excesses, curve, revision: endRevision });
}

function replayed(spec: StudySpec, sampler: Sampler, history: History, trial: ReplayTrial): Replayed {
  const { number, fixed } = trial;
  const { space } = history;
  const { seed, replicates, maxTrials: budget } = spec;
  const suggested = suggest({ space, sampler, history, number, seed, fixed, replicates, budget });
  const computed = suggested === "exhausted" ? undefined : suggested.params;
  return { trial, computed, isSame: computed !== undefined && isSame(computed, trial.params) };
}

/** Bit for bit: 0 and −0 differ. */
function isSame(a: Params, b: Params): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && Object.is(a[name], b[name]))
  );
}
