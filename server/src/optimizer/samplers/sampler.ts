import type { History } from "../history.ts";
import type { Stream } from "../numerics/stream.ts";
import type { Point } from "../space/point.ts";

export type { Point } from "../space/point.ts";

/** What a sampler is asked. */
export interface SuggestRequest {
  /** The trials that the suggestion may know: ended ones with results, all others as pending points. Read only. */
  readonly history: History;
  /** Number of the trial to suggest for. Every trial with a smaller number is in the history. */
  readonly number: number;
  /** Random numbers keyed by (study seed, trial number); the only source of chance. */
  readonly stream: Stream;
  /** The study's seed: keys what all trials of the study share, such as the scrambling of a sequence. */
  readonly seed: number;
  /** Coordinates that the caller has fixed, NaN where free; undefined when none is fixed. */
  readonly fixed: Point | undefined;
  /** How many trials may share a point of a finite space. Default 1. */
  readonly replicates?: number | undefined;
  /** How many trials the study may have, this one among them; undefined while nobody has said. */
  readonly budget?: number | undefined;
}

/** What a model expects of a point: one number an objective, in the objectives' units, noise included. */
export interface Expected {
  readonly means: readonly number[];
  readonly deviations: readonly number[];
}

/** What a sampler answers. */
export interface Suggestion {
  /** In the domain, on the grid, conditions honoured, fixed coordinates kept. */
  readonly point: Point;
  /** Name of the sampler that chose, such as `tpe`. */
  readonly sampler: string;
  /** One sentence for people: why this point, or why this sampler. */
  readonly reason: string;
  /** Undefined when no model of the objectives chose it. */
  readonly expected?: Expected | undefined;
}

/**
 * Chooses points. One instance serves one study on one replica and may keep fitted state between calls, on the
 * condition that the state is a function of the history alone: the same history, number and stream give the same
 * point, bit for bit, in a fresh instance too. It never throws for lack of data, failed trials or NaN values.
 */
export interface Sampler {
  suggest(request: SuggestRequest): Suggestion;
  /** Whether the suggestion for trial `number` may take more than a few milliseconds, so that it is best made on another thread. */
  isHeavy?(history: History, number: number): boolean;
  /** Memory that it keeps from call to call, where that grows with the history; absent where it does not. */
  readonly bytes?: number;
}
