import { createStream } from "../numerics/stream.ts";
import { enumerate } from "../space/enumerate.ts";
import type { Space } from "../space/space.ts";
import { drawUniform } from "./random.ts";
import type { Sampler } from "./sampler.ts";
import { isLongWalk, nextPoint } from "./walk.ts";

/** Every point of a finite space once before any a second time, in an order that spreads early trials evenly. */
export function createExhaustiveSampler(space: Space): Sampler {
  const whole = enumerate(space.dimensions);
  return {
    isHeavy: () => isLongWalk(space, whole),
    suggest({ history, number, seed, stream, fixed }) {
      const points = fixed === undefined ? whole : enumerate(space.dimensions, fixed);
      if (!Number.isFinite(points.size) || points.size === 0) {
        const reason = "uniform over the space: it has too many points to go through";
        return { point: drawUniform(space, stream, fixed), sampler: "random", reason };
      }
      const offset = createStream(seed, "exhaustive").uniform();
      const point = nextPoint(points, space, history, number, offset);
      if (point === undefined) {
        const reason = "uniform over the space: few of its points keep the linear constraints";
        return { point: drawUniform(space, stream, fixed), sampler: "random", reason };
      }
      const reason = `the next of the ${points.size} points that was not tried`;
      return { point, sampler: "exhaustive", reason };
    },
  };
}
