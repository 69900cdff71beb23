import type { Curve } from "./pruners/pruner.ts";
import type { Params } from "./space/parameter.ts";
import type { Space } from "./space/space.ts";

/** How a trial stands, as far as samplers and pruners care. Waiting and running trials are both `pending`. */
export type Outcome = "pending" | "completed" | "pruned" | "failed" | "infeasible";

/** One objective: its name and direction. */
export interface Objective {
  readonly name: string;
  readonly goal: "minimize" | "maximize";
}

/** How a trial ended, as it enters the history. */
export interface Result {
  readonly outcome: Exclude<Outcome, "pending">;
  /** In objective order, as told by the worker; empty when failed. A pruned trial has its last reported value, if any. */
  readonly values: readonly number[];
  /** Sum of the amounts by which constraints are exceeded: 0 is feasible. */
  readonly violation: number;
  /** The reports that it made. */
  readonly curve: Curve;
  /** The study's change number at which it ended: orders the ended trials. */
  readonly revision: number;
}
