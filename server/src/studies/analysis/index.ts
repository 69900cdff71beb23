import type { AnalysisKind, Answers, Questions } from "../../optimizer/analysis/analyse.ts";
import type { ImportanceMethod } from "../../optimizer/analysis/importances.ts";
import type { StudyInfo, StudyRef } from "../directory.ts";
import { type Engine, withUpToDateStudy } from "../engine.ts";
import { invalid } from "../errors.ts";
import { createAnalyst } from "./analyst.ts";
import { createAnswerCache } from "./answer-cache.ts";
import { type TrialExpectations, withSuggested } from "./suggested-expectations.ts";
import { objectiveAt, objectivesAt, parameterAt, parametersAt } from "./names.ts";

/** An answer about a study at a revision. */
export interface Analysed<K extends AnalysisKind> {
  readonly study: StudyInfo;
  readonly revision: number;
  readonly answer: Answers[K];
}

/** Expectations, the samplers' own where they had any. */
type AnalysedExpectations = Omit<Analysed<"expectations">, "answer"> & { readonly answer: TrialExpectations };

/** Names are those of the study; an empty objective is the first, an empty list means all, `limit` 0 is the default. */
export interface Analyses {
  importances(ref: StudyRef, objective: string, method: ImportanceMethod): Promise<Analysed<"importances">>;
  slices(ref: StudyRef, objective: string, parameters: readonly string[]): Promise<Analysed<"slices">>;
  contour(ref: StudyRef, objective: string, x: string, y: string): Promise<Analysed<"contour">>;
  sample(ref: StudyRef, objective: string, limit: number): Promise<Analysed<"sample">>;
  distribution(ref: StudyRef, objective: string, limit: number): Promise<Analysed<"distribution">>;
  progress(ref: StudyRef, limit: number, reference: readonly number[]): Promise<Analysed<"progress">>;
  front(ref: StudyRef, objectives: readonly string[]): Promise<Analysed<"front">>;
  expectations(ref: StudyRef, objective: string, limit: number): Promise<AnalysedExpectations>;
  savings(ref: StudyRef): Promise<Analysed<"savings">>;
  hints(ref: StudyRef): Promise<Analysed<"hints">>;
}

const defaultPoints = 500;
const defaultCurve = 200;
const largestFront = 10_000;

/** Analyses of studies, in a thread of their own, from the history in memory; answers are kept while the study does not change. */
export function createAnalyses(engine: Engine): Analyses & { stop(): Promise<void> } {
  const analyst = createAnalyst();
  const cache = createAnswerCache();

  const analyse = <K extends AnalysisKind>(
    ref: StudyRef,
    kind: K,
    questionOf: (study: StudyInfo) => Questions[K],
  ): Promise<Analysed<K>> =>
    engine.directory.withStudy(ref, async (study) => {
      const question = questionOf(study);
      // Only the copy is made while the study is locked; nobody waits for the analysis.
      const { revision, answer } = await withUpToDateStudy(
        engine,
        study.id,
        async ({ spec, revision, history }) => {
          const key = `${study.id}@${revision}`;
          const material = () => ({
            parameters: spec.parameters,
            objectives: spec.objectives,
            trials: history.snapshot(),
          });
          const pending = cache.find(`${key} ${kind} ${JSON.stringify(question)}`, () =>
            analyst.analyse(key, material, kind, question),
          );
          return { revision, answer: pending };
        },
      );
      return { study, revision, answer: await answer() };
    });

  return {
    importances: (ref, objective, method) =>
      analyse(ref, "importances", (study) => ({ objective: objectiveAt(study, objective), method })),
    slices: (ref, objective, parameters) =>
      analyse(ref, "slices", (study) => ({
        objective: objectiveAt(study, objective),
        dimensions: parametersAt(study, parameters),
      })),
    contour: (ref, objective, x, y) =>
      analyse(ref, "contour", (study) => {
        if (study.spec.parameters.length < 2) {
          throw invalid([
            {
              field: "study",
              description: `${study.name} has fewer than two parameters: a contour shows two`,
            },
          ]);
        }
        const axes = { x: parameterAt(study, x, "x"), y: parameterAt(study, y, "y") };
        if (axes.x !== undefined && axes.x === axes.y)
          throw invalid([
            { field: "y", description: `is ${JSON.stringify(y)}, as x is: expected another one` },
          ]);
        return { objective: objectiveAt(study, objective), ...axes };
      }),
    sample: (ref, objective, limit) =>
      analyse(ref, "sample", (study) => ({
        objective: objectiveAt(study, objective),
        limit: limit || defaultPoints,
      })),
    distribution: (ref, objective, limit) =>
      analyse(ref, "distribution", (study) => ({
        objective: objectiveAt(study, objective),
        limit: limit || defaultCurve,
      })),
    progress: (ref, limit, reference) =>
      analyse(ref, "progress", ({ spec }) => {
        const count = spec.objectives.length;
        const expected = count === 1 ? 0 : count;
        if (reference.length !== 0 && reference.length !== expected) {
          const description = `has ${reference.length} numbers: expected ${expected === 0 ? "none, as the study has one objective" : `${count}, one an objective, or none`}`;
          throw invalid([{ field: "reference_point", description }]);
        }
        return { limit: limit || defaultPoints, reference: reference.length === 0 ? undefined : reference };
      }),
    front: (ref, objectives) =>
      analyse(ref, "front", (study) => ({
        objectives: objectivesAt(study, objectives),
        limit: largestFront,
      })),
    async expectations(ref, objective, limit) {
      const analysed = await analyse(ref, "expectations", (study) => ({
        objective: objectiveAt(study, objective),
        limit: limit || defaultPoints,
      }));
      const { study, answer } = analysed;
      const own = await withSuggested(engine.store, study.id, objectiveAt(study, objective), answer);
      return { ...analysed, answer: own };
    },
    savings: (ref) => analyse(ref, "savings", () => ({})),
    hints: (ref) => analyse(ref, "hints", () => ({})),
    stop: () => analyst.stop(),
  };
}
