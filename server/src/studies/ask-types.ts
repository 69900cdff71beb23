import type { Params } from "../optimizer/space/parameter.ts";
import type { StudyState } from "../store/states.ts";
import type { Trial } from "./trial.ts";

export interface AskOptions {
  /** How many trials, 1 to 1,000. */
  readonly count: number;
  /** Stays the same when the worker restarts; empty when unknown. */
  readonly worker: string;
  /** Empty: the request cannot be repeated safely. */
  readonly requestId: string;
  readonly fixed: Params;
  /** Undefined: the study's. */
  readonly leaseSeconds: number | undefined;
  /** Give the worker its unfinished trials back first. */
  readonly resume: boolean;
  /** How long to wait while nothing can be handed out, ms. */
  readonly maxWaitMs: number;
  /** The token whose cap counts the trials handed out. @default none */
  readonly cappedBy?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface AskAnswer {
  readonly trials: readonly Trial[];
  readonly studyState: StudyState;
  /** When to ask again, ms; only without trials while the study has not finished. */
  readonly retryAfterMs: number | undefined;
}

/** One ask as it waits in its study's queue. */
export interface Item {
  readonly options: AskOptions;
  /** Of the request's content; only keyed requests need it. */
  readonly fingerprint: () => Buffer;
}
