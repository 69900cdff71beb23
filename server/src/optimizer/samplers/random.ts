import type { Stream } from "../numerics/stream.ts";
import type { Space } from "../space/space.ts";
import type { Point, Sampler } from "./sampler.ts";

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

/** A uniform point that keeps the fixed coordinates; every grid coordinate at the centre of its cell. */
export function drawUniform(space: Space, stream: Stream, fixed: Point | undefined): Point {
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
