import type { Stream } from "../numerics/stream.ts";
import type { Space } from "../space/space.ts";
import { placeAt } from "./place.ts";
import type { Point, Sampler } from "./sampler.ts";

/** How often a draw that breaks a linear constraint gives way to another one, before one is moved inside. */
const REJECTIONS = 32;

/** Uniform in the unit cube, independent of everything (Bergstra and Bengio, JMLR 13, 2012). */
export function createRandomSampler(space: Space): Sampler {
  return {
    suggest: ({ stream, fixed }) => ({
      point: drawUniform(space, stream, fixed),
      sampler: "random",
      reason: "uniform over the space, as the study asks",
    }),
  };
}

/**
 * A uniform point that keeps the fixed coordinates; every grid coordinate at the centre of its cell. Where linear constraints leave so
 * little of the space that it is not found by chance, a point anywhere between two that were moved inside.
 */
export function drawUniform(space: Space, stream: Stream, fixed: Point | undefined): Point {
  let point = draw(space, stream, fixed);
  if (space.linear.keeps(point)) return point;
  for (let rejection = 0; rejection < REJECTIONS; rejection++) {
    point = draw(space, stream, fixed);
    if (space.linear.keeps(point)) return point;
  }
  const [one, other] = [placeAt(space, point, fixed), placeAt(space, draw(space, stream, fixed), fixed)];
  const share = stream.uniform();
  const between = one.slice();
  for (const { indices } of space.linear.rows) {
    for (const index of indices) {
      // What the constraints leave is convex in values, not in coordinates.
      const { toUnit, toValue } = space.dimensions[index]!;
      const [from, to] = [Number(toValue(one[index]!)), Number(toValue(other[index]!))];
      between[index] = toUnit(from + share * (to - from));
    }
  }
  return placeAt(space, between, fixed);
}

function draw(space: Space, stream: Stream, fixed: Point | undefined): Point {
  const point = new Float64Array(space.dimensions.length).fill(NaN);
  for (const index of space.order) {
    // Drawn whether it is needed or not, so that one coordinate's condition does not shift the others' numbers.
    const unit = stream.uniform();
    if (!space.isActive(point, index)) continue;
    const { kind, cell, centre, cells } = space.dimensions[index]!;
    const given = fixed?.[index] ?? NaN;
    if (!Number.isNaN(given)) point[index] = given;
    else if (kind === "continuous") point[index] = unit;
    // Log-integer cells differ in width: by the coordinate they are log-uniform, as declared.
    else point[index] = centre(Math.min(cells - 1, cell(unit)));
  }
  return point;
}
