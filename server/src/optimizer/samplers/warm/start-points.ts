import type { Source } from "../../sources.ts";
import { sourcePoint } from "../../sources.ts";
import type { Space } from "../../space/space.ts";
import { placeAt } from "../place.ts";
import type { Point, Suggestion } from "../sampler.ts";

/** A good point of an earlier study. */
export interface StartPoint {
  /** NaN where the earlier study has no such parameter. */
  readonly point: Point;
  readonly source: string;
  /** Number of the trial there. */
  readonly trial: number;
}

/** Of an earlier study only the best trials are worth repeating: so many, or a quarter of them if that is less. */
const GOOD = 20;
/** Points are different if a coordinate differs by this much, or a choice does. */
const APART = 0.1;

/** Up to `most` different points from among the best of the sources, which take turns. */
export function startPoints(space: Space, sources: readonly Source[], most: number): StartPoint[] {
  const queues = sources.map(({ name, trials }) =>
    trials
      .slice(0, Math.min(GOOD, Math.ceil(trials.length / 4)))
      .map((trial) => ({ point: sourcePoint(space, trial), source: name, trial: trial.number })),
  );
  const starts: StartPoint[] = [];
  while (starts.length < most && queues.some(({ length }) => length > 0)) {
    for (const queue of queues) {
      let next = queue.shift();
      while (next !== undefined && starts.some((start) => isAlike(space, start.point, next!.point))) {
        next = queue.shift();
      }
      if (next !== undefined && starts.length < most) starts.push(next);
    }
  }
  return starts;
}

function isAlike({ dimensions }: Space, a: Point, b: Point): boolean {
  return dimensions.every(({ index, kind }) => {
    const [one, other] = [a[index]!, b[index]!];
    if (Number.isNaN(one) || Number.isNaN(other)) return Number.isNaN(one) && Number.isNaN(other);
    return kind === "categorical" ? one === other : Math.abs(one - other) < APART;
  });
}

/** The start point as a suggestion; coordinates that it lacks come from `spread`. */
export function suggestStart(
  space: Space,
  { point, source, trial }: StartPoint,
  spread: ArrayLike<number>,
  fixed: Point | undefined,
): Suggestion {
  const units = point.map((unit, index) => (Number.isNaN(unit) ? spread[index]! : unit));
  return {
    point: placeAt(space, units, fixed),
    sampler: "warm-start",
    reason: `a good point of the earlier study ${source}: its trial ${trial}`,
  };
}
