import type { Objective } from "../../../server/src/optimizer/history.ts";
import type { Parameter, Params } from "../../../server/src/optimizer/space/parameter.ts";

/** What makes a problem hard; results are summed up by these. */
export type Family =
  | "smooth"
  | "multimodal"
  | "discrete"
  | "categorical"
  | "conditional"
  | "noisy"
  | "constrained"
  | "table"
  | "noisy-table"
  | "live"
  | "lcbench"
  | "xgboost"
  | "several";

/** What a worker tells about one trial, and what only the judge knows. */
export interface Evaluation {
  /** As told, one an objective. */
  readonly values: readonly number[];
  /** By how much the constraint is exceeded, negative inside; undefined without a constraint. */
  readonly constraint: number | undefined;
  /** Without noise, on the scale of the score; smaller is better. One an objective. */
  readonly truth: readonly number[];
}

/** A problem as one seed has it: shifted, turned, its parameters in another order. */
export interface Instance {
  readonly parameters: readonly Parameter[];
  readonly objectives: readonly Objective[];
  /**
   * The best truth that there is; the largest hypervolume of several objectives, negative, since smaller is better. Undefined where nobody
   * knows: the best of all arms stands for it.
   */
  readonly optimum: number | undefined;
  /** Of several objectives: the corner of the hypervolume. */
  readonly reference: readonly number[] | undefined;
  /** How often ten random trials are tried to say what a regret of 1 is, where a trial is dear. Default 51. */
  readonly randomTries?: number;
  evaluate(params: Params, number: number): Evaluation;
}

export interface Problem {
  readonly name: string;
  readonly family: Family;
  instance(seed: number): Instance;
}

export const LOSS: readonly Objective[] = [{ name: "loss", goal: "minimize" }];
