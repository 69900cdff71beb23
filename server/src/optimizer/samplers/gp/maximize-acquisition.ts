import type { Stream } from "../../numerics/stream.ts";
import type { Point } from "../sampler.ts";
import { type Acquisition, createAcquisition } from "./acquisition.ts";
import { createConfidenceBound } from "./confidence.ts";
import { leaningToEnds, leaveEnd, moveToEnds } from "./ends.ts";
import { createFeasibility } from "./feasibility.ts";
import { doReplicatesDiffer } from "./replicates.ts";
import { type Place, type Quest, searchPlaces } from "./search-places.ts";

export interface AcquisitionOptions extends Quest {
  /** How many trials may share a point at most. */
  readonly replicates: number;
}

/** A point, and where it is: as it was found, moved to ends of ranges then, or the best result with one number off its end. */
export interface Suggested {
  readonly point: Point;
  readonly place: Place | "ends" | "off an end";
}

/** The point that serves the aim best, or nearly so and at ends of ranges, where the best results are; at times one that leaves an end instead. */
export function maximizeAcquisition(options: AcquisitionOptions, stream: Stream): Suggested {
  const { model, history, evidence, surrogate, aim, fixed } = options;
  const { space, features, settings } = model;
  const { objective, limits } = surrogate;
  const most = mostAlike(options);
  // In continuous spaces too: the model may want the same corner again and again.
  const isNew = (candidate: Point): boolean => history.count(candidate) < most;
  const ranked = evidence.promising.map((position) => history.point(evidence.data.numbers[position]!));
  // Both gain where other trials run meanwhile; what is asked one by one does as well by the model alone.
  const isBold = aim.goal !== undefined && surrogate.pending > 0;
  const isLeaving =
    isBold &&
    aim.isStale &&
    evidence.branch === undefined &&
    stream.fork("leaving").uniform() < settings.leaving;
  const left = isLeaving ? leaveEnd(space, ranked[0]!, fixed, stream.fork("end")) : undefined;
  if (left !== undefined && isNew(left)) return { point: left, place: "off an end" };

  const feasibility = createFeasibility(limits, features.numeric);
  const improvementOn = (goal: number | undefined): Acquisition =>
    createAcquisition(objective, goal, aim, feasibility);
  const acquisition = aim.isOptimistic
    ? createConfidenceBound(objective)
    : improvementOn(aim.goal ?? (limits.length === 0 ? 0 : undefined));
  const found = searchPlaces({ ...options, acquisition, improvementOn, isNew }, stream);
  // Once the search has settled it looks for what is left in each basin, which the ends say nothing of.
  const isLeaning =
    isBold &&
    !aim.isOptimistic &&
    aim.settled === undefined &&
    stream.fork("ends").uniform() < leaningToEnds(space, ranked);
  if (!isLeaning) return found;
  const point = moveToEnds(space, features, acquisition, found.point, evidence.branch?.fixed ?? fixed);
  return point !== found.point && isNew(point) ? { point, place: "ends" } : found;
}

/**
 * How many trials may share a point. Where results are noise in part, the same point again may teach more than another one. What looks
 * like noise may be roughness, though.
 */
function mostAlike({ model, evidence, surrogate: { objective }, replicates }: AcquisitionOptions): number {
  const mayRepeat =
    replicates > 1 && Number.isFinite(model.space.size) && doReplicatesDiffer(evidence.all) !== false;
  return mayRepeat && objective.noise > model.settings.noisy * objective.signal ? replicates : 1;
}
