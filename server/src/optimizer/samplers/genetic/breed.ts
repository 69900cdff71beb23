import type { Stream } from "../../numerics/stream.ts";
import type { Dimension } from "../../space/dimension.ts";
import type { Space } from "../../space/space.ts";
import { placeAt } from "../place.ts";
import type { Point } from "../sampler.ts";

export interface BreedOptions {
  /** Chance that a child has two parents, and that a coordinate of it mutates. */
  readonly crossover: number;
  readonly mutation: number;
}

/** The larger, the nearer children stay to their parents. */
const CROSSOVER_INDEX = 15;
const MUTATION_INDEX = 20;
/** Share of the coordinates that are crossed. */
const CROSSED = 0.5;

/**
 * A child of two parents: simulated binary crossover (Deb and Agrawal, Complex Systems 9, 1995) of numbers, one parent's choice of
 * categoricals; then polynomial mutation (Deb and Goyal, 1996), which moves grids by a value at least and draws another choice. With one
 * parent something always mutates. What neither parent has is drawn uniformly.
 */
export function breed(
  space: Space,
  mother: Point,
  father: Point,
  { crossover, mutation }: BreedOptions,
  fixed: Point | undefined,
  stream: Stream,
): Point {
  const width = space.dimensions.length;
  const isCrossed = stream.uniform() < crossover;
  const certain = isCrossed ? -1 : stream.integer(width);
  const units = Float64Array.from(space.dimensions, (dimension, index) => {
    // As many draws for each coordinate, so that what happens to one does not shift the others' numbers.
    const [swap, spread, chance, amount] = [
      stream.uniform(),
      stream.uniform(),
      stream.uniform(),
      stream.uniform(),
    ];
    const own = mother[index]!;
    const other = isCrossed ? father[index]! : own;
    let unit = Number.isNaN(own) ? other : own;
    if (Number.isNaN(unit)) return amount;
    if (!Number.isNaN(own) && !Number.isNaN(other) && own !== other) {
      if (dimension.kind === "categorical") unit = swap < 0.5 ? own : other;
      else if (swap < CROSSED) unit = cross(own, other, swap < CROSSED / 2, spread);
    }
    return chance < mutation || index === certain ? mutate(dimension, unit, amount) : unit;
  });
  return placeAt(space, units, fixed);
}

/** One of the two children of a pair of numbers in [0, 1], which keeps to [0, 1]. */
function cross(a: number, b: number, isLower: boolean, draw: number): number {
  const [low, high] = a < b ? [a, b] : [b, a];
  const power = CROSSOVER_INDEX + 1;
  const room = isLower ? low : 1 - high;
  const alpha = 2 - (1 + (2 * room) / (high - low)) ** -power;
  const beta = draw * alpha <= 1 ? (draw * alpha) ** (1 / power) : (2 - draw * alpha) ** (-1 / power);
  return 0.5 * (low + high) + (isLower ? -0.5 : 0.5) * beta * (high - low);
}

function mutate({ kind, cells, cell, centre }: Dimension, unit: number, draw: number): number {
  if (kind === "categorical") {
    const other = Math.min(cells - 2, Math.floor(draw * (cells - 1)));
    return cells < 2 ? unit : centre(other < cell(unit) ? other : other + 1);
  }
  const moved = Math.min(1, Math.max(0, unit + polynomial(unit, draw)));
  if (kind === "continuous" || cell(moved) !== cell(unit)) return moved;
  const step = draw < 0.5 ? -1 : 1;
  const next = cell(unit) + step;
  return centre(Math.min(cells - 1, Math.max(0, next >= 0 && next < cells ? next : cell(unit) - step)));
}

/** A step from `unit` that does not leave [0, 1]. */
function polynomial(unit: number, draw: number): number {
  const power = MUTATION_INDEX + 1;
  return draw < 0.5
    ? (2 * draw + (1 - 2 * draw) * (1 - unit) ** power) ** (1 / power) - 1
    : 1 - (2 * (1 - draw) + (2 * draw - 1) * unit ** power) ** (1 / power);
}
