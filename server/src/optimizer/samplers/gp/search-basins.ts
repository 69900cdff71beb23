import type { Stream } from "../../numerics/stream.ts";
import type { Scored } from "./scored.ts";
import type { GpSettings } from "./settings.ts";

/** Lesser basins that are looked into before the whole space is. */
const ATTEMPTS = 2;

export interface BasinSearch {
  /** Position of the best result. */
  readonly first: number;
  readonly targets: Float64Array;
  /** What is to be improved in the first basin; each other basin has its own best result to improve. */
  readonly goal: number;
  /** What was gained since the first results, in units of the targets. */
  readonly gain: number;
  readonly settings: GpSettings;
  readonly stream: Stream;
  /** Positions of the other basins' best results; finding them takes long. */
  others(): readonly number[];
  /** The point near a result where the expected improvement on a goal is highest; its score is the logarithm of that. */
  near(position: number, goal: number): Scored;
  /** The same all over. */
  anywhere(): Scored;
}

/**
 * A point near the best result, unless the model expects next to no improvement there: then near the best of another basin, drawn by how good
 * it is, which looks bad until somebody has gone down to its bottom; and anywhere when those are exhausted, too. So local searches start
 * anew where a single one would repeat its last digits (multi-level single linkage: Rinnooy Kan and Timmer, 1987).
 */
export function searchBasins(search: BasinSearch): Scored & { readonly isElsewhere: boolean } {
  const { first, others, targets, goal, gain, settings, stream, near, anywhere } = search;
  const own = near(first, goal);
  if (own.score > Math.log(settings.exhausted * gain)) return { ...own, isElsewhere: false };
  const left = [...others()];
  for (let attempt = 0; attempt < ATTEMPTS && left.length > 0; attempt++) {
    const hopes = left.map((i) => Math.exp(-targets[i]!));
    let rest = stream.uniform() * hopes.reduce((sum, hope) => sum + hope, 0);
    const at = hopes.findIndex((hope) => (rest -= hope) < 0);
    const [position] = left.splice(Math.max(0, at), 1);
    const found = near(position!, targets[position!]!);
    if (found.score > Math.log(settings.promising * gain)) return { ...found, isElsewhere: true };
  }
  return { ...anywhere(), isElsewhere: false };
}
