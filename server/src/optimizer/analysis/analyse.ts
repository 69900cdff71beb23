import type { Trials } from "../history.ts";
import { type Distribution, distribution } from "./edf.ts";
import { type Expectations, expectations } from "./expectations.ts";
import { type Hint, healthHints } from "./health.ts";
import { type HypervolumeHistory, hypervolumeHistory } from "./hypervolume-history.ts";
import { type ImportanceMethod, type Importances, importances } from "./importances.ts";
import { type Goal, paretoFront } from "./pareto.ts";
import { type Progress, bestProgress } from "./progress.ts";
import { type PruningSavings, pruningSavings } from "./pruning-savings.ts";
import { coexist } from "../space/coexist.ts";
import { type Contour, type Slice, contour, slice } from "./slices.ts";
import type { Surrogate } from "./surrogate.ts";
import { fitSurrogate } from "./fit-surrogate.ts";
import { type TrialSample, sampleTrials } from "./trial-sample.ts";

/** What can be asked about a study; objectives and dimensions by index. */
export interface Questions {
  readonly importances: { readonly objective: number; readonly method: ImportanceMethod };
  readonly slices: { readonly objective: number; readonly dimensions: readonly number[] };
  /** A dimension that is left out is the most important one that is not the other. They differ; the space has at least two. */
  readonly contour: {
    readonly objective: number;
    readonly x: number | undefined;
    readonly y: number | undefined;
  };
  readonly sample: { readonly objective: number; readonly limit: number };
  readonly distribution: { readonly objective: number; readonly limit: number };
  /** One objective or several; the reference point only with several. */
  readonly progress: { readonly limit: number; readonly reference: readonly number[] | undefined };
  readonly front: { readonly objectives: readonly number[]; readonly limit: number };
  readonly expectations: { readonly objective: number; readonly limit: number };
  readonly savings: Record<never, never>;
  readonly hints: Record<never, never>;
}

/** How good the model behind an answer is. */
export interface Fit {
  /** Trials that it was fitted to. */
  readonly trials: number;
  /** Share of the variance among trials that it predicts for trials it has not seen, 0 to 1. */
  readonly explained: number;
}

/** The answers: plain data, so that they can come from another thread. Undefined where the trials do not suffice. */
export interface Answers {
  readonly importances: Importances | undefined;
  readonly slices: (Fit & { readonly slices: readonly Slice[] }) | undefined;
  readonly contour: (Fit & Contour) | undefined;
  readonly sample: TrialSample;
  readonly distribution: Distribution;
  readonly progress:
    | { readonly kind: "best"; readonly history: Progress }
    | { readonly kind: "hypervolume"; readonly history: HypervolumeHistory | undefined };
  readonly front: { readonly numbers: Int32Array; readonly total: number };
  readonly expectations: Expectations;
  readonly savings: PruningSavings | undefined;
  readonly hints: readonly Hint[];
}

export type AnalysisKind = keyof Questions;

/** A study's trials at one revision, with the models that have been fitted to them. */
export interface Subject {
  readonly trials: Trials;
  surrogate(objective: number): Surrogate | undefined;
}

export function createSubject(trials: Trials): Subject {
  const fitted = new Map<number, Surrogate | undefined>();
  return {
    trials,
    surrogate(objective) {
      if (!fitted.has(objective)) fitted.set(objective, fitSurrogate(trials, objective));
      return fitted.get(objective);
    },
  };
}

export function analyse<K extends AnalysisKind>(
  subject: Subject,
  kind: K,
  question: Questions[K],
): Answers[K] {
  return analyses[kind](subject, question);
}

const analyses: {
  readonly [K in AnalysisKind]: (subject: Subject, question: Questions[K]) => Answers[K];
} = {
  importances: (subject, { objective, method }) =>
    importances(subject.trials, {
      objective,
      method,
      surrogate: method === "fanova" ? subject.surrogate(objective) : undefined,
    }),
  slices({ trials, surrogate }, { objective, dimensions }) {
    const model = surrogate(objective);
    if (model === undefined) return undefined;
    return {
      ...fitOf(model),
      slices: dimensions.map((dimension) => slice(trials, model, dimension, objective)),
    };
  },
  contour(subject, { objective, x, y }) {
    const model = subject.surrogate(objective);
    if (model === undefined) return undefined;
    const ranked = byImportance(subject, objective);
    const first = x ?? besides(subject.trials, ranked, y);
    const second = y ?? besides(subject.trials, ranked, first);
    return { ...fitOf(model), ...contour(subject.trials, model, first, second, objective) };
  },
  sample: ({ trials }, options) => sampleTrials(trials, options),
  distribution: ({ trials }, { objective, limit }) => distribution(trials, objective, limit),
  progress({ trials }, { limit, reference }) {
    if (trials.objectives.length === 1) return { kind: "best", history: bestProgress(trials, { limit }) };
    const options = reference === undefined ? { limit } : { limit, reference };
    return { kind: "hypervolume", history: hypervolumeHistory(trials, options) };
  },
  front({ trials }, { objectives, limit }) {
    const goals = objectives.map((objective): Goal =>
      trials.objectives[objective]?.goal === "maximize" ? -1 : 1,
    );
    const numbers = trials.ended.filter(
      (number) => trials.outcome(number) === "completed" && !(trials.violation(number) > 0),
    );
    const values = new Float64Array(numbers.length * goals.length);
    numbers.forEach((number, row) =>
      objectives.forEach((objective, at) => {
        values[row * goals.length + at] = trials.values(number)[objective]!;
      }),
    );
    const rows = paretoFront(values, goals).subarray(0, limit);
    return { numbers: rows.map((row) => numbers[row]!), total: numbers.length };
  },
  expectations: ({ trials }, options) => expectations(trials, options),
  savings: ({ trials }) => pruningSavings(trials),
  hints: ({ trials, surrogate }) =>
    healthHints(trials, surrogate(0)).toSorted(
      (a, b) => Number(b.severity === "warning") - Number(a.severity === "warning"),
    ),
};

const fitOf = ({ rows, explained }: Surrogate): Fit => ({ trials: rows.count, explained });

/** The first of the ranked dimensions that trials have together with another one; any other where none is. */
function besides({ space }: Trials, ranked: readonly number[], other: number | undefined): number {
  const others = ranked.filter((dimension) => dimension !== other);
  if (other === undefined) return others[0]!;
  return others.find((dimension) => coexist(space.dimensions, dimension, other)) ?? others[0]!;
}

/** The dimensions, most important first. */
function byImportance({ trials, surrogate }: Subject, objective: number): number[] {
  const shares = importances(trials, { objective, surrogate: surrogate(objective) })?.parameters ?? [];
  return trials.space.dimensions
    .map((_, index) => index)
    .toSorted((a, b) => (shares[b]?.share ?? 0) - (shares[a]?.share ?? 0) || a - b);
}
