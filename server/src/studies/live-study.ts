import type { Best } from "../optimizer/analysis/best.ts";
import type { History } from "../optimizer/history.ts";
import type { Pruner } from "../optimizer/pruners/pruner.ts";
import type { Sampler } from "../optimizer/samplers/sampler.ts";
import type { Source } from "../optimizer/sources.ts";
import type { Space } from "../optimizer/space/space.ts";
import type { Clock } from "../store/hot/clock.ts";
import type { HandedTrials } from "./handed-trials.ts";
import type { Mutex } from "./mutex.ts";
import type { StudySpec } from "./spec.ts";

/** Trials on their way into the tables, which the history holds already. */
export interface Flight {
  /** The number of the first new trial. */
  readonly firstNumber: number;
  /** How many new trials there are. */
  readonly fresh: number;
  /** Waiting and running trials that are handed out with them. */
  readonly claimed: readonly number[];
  /** The study's change number once they are written; undefined when they were not, or nobody knows. Never fails. */
  readonly revision: Promise<number | undefined>;
}

export interface RefreshOptions {
  /**
   * Whether the caller can do with a history whose newest trials are still in flight, as whoever chooses the next points can: it must
   * `land` them before it acts on what it chose. @default false
   */
  readonly besideFlight?: boolean;
  /**
   * Whether the caller can do with what this replica knows without looking at the tables, as long as it writes nothing unless the study is
   * then at `revision`, and answers nothing else. Only together with `besideFlight`. @default false
   */
  readonly mayGuess?: boolean;
}

/**
 * What one replica keeps in memory of one study: its trials in columns, its sampler and pruner. A cache only: every part of it is
 * a function of the tables at `revision`, and dropping it loses nothing but time.
 */
export interface LiveStudy {
  readonly id: number;
  readonly createdAt: Date;
  readonly spec: StudySpec;
  readonly specVersion: number;
  readonly space: Space;
  /** What the study took over from earlier ones. */
  readonly sources: readonly Source[];
  readonly sampler: Sampler;
  readonly pruner: Pruner;
  readonly history: History;
  /** The change number up to which the history is complete, and beyond which it holds nothing. */
  readonly revision: number;
  /** Whether the newest refresh answered without looking at the tables. */
  readonly isGuess: boolean;
  /** Trials that wait for a worker, with the attempts that they have had. */
  readonly waiting: ReadonlyMap<number, number>;
  /** Trials that were cancelled before any worker had them. */
  readonly neverRan: ReadonlySet<number>;
  readonly handed: HandedTrials;
  /** The best trial so far, as of the newest refresh. */
  readonly best: Best;
  readonly bytes: number;
  /** One task at a time: whoever changes or samples from the history holds it. */
  readonly lock: Mutex;
  /** Reads what has changed; answers the study's clock, trials in flight included. Only inside `lock`. */
  refresh(options?: RefreshOptions): Promise<Clock>;
  /** Says that this replica has changed the study otherwise: what it knows of the study's clock is of no use any more. */
  outdate(): void;
  /** Says that the newest trials of the history are being written. Only inside `lock`, after `land`. */
  launch(flight: Flight): void;
  /**
   * Waits until nothing is in flight. Answers false when what was in flight is not known to have been written: the history has
   * forgotten it, and every trial after it. Only inside `lock`.
   */
  land(): Promise<boolean>;
}
