import type { Point } from "./space/point.ts";
import type { Params } from "./space/parameter.ts";
import type { Space } from "./space/space.ts";

/** One result of an earlier study. */
export interface SourceTrial {
  /** Its number there. */
  readonly number: number;
  /** Values of the parameters that both studies have, each within the domain that the later one gives it. */
  readonly params: Params;
  /** Finite; smaller is better. In the earlier study's units, which need not be the later one's. */
  readonly loss: number;
}

/** What a study knows of an earlier one: fixed when it is created, so that suggestions follow from the study alone. */
export interface Source {
  /** The earlier study's name, for people. */
  readonly name: string;
  /** Best first. */
  readonly trials: readonly SourceTrial[];
}

/** Coordinates of the values that a source's trial has, NaN elsewhere; on grids the cells' centres. */
export function sourcePoint(space: Space, { params }: SourceTrial): Point {
  return Float64Array.from(space.dimensions, ({ name, kind, toUnit, cell, centre }) => {
    if (!Object.hasOwn(params, name)) return NaN;
    const unit = toUnit(params[name]!);
    return kind === "continuous" || Number.isNaN(unit) ? unit : centre(cell(unit));
  });
}
