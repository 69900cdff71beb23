import type { JsonObject } from "@bufbuild/protobuf";
import { COMPLETED } from "../data/trial-columns.ts";
import { cloudWithin, type PointCloud } from "./point-cloud.ts";
import { type Range, within } from "./scales.ts";

/** Trials in a plane with their ranks, the worst first, so that the best lie on top. */
export interface RankCloud extends PointCloud {
  /** 0 the best to 1 the worst. */
  readonly ranks: Float64Array;
  /** Each point's place in the list that it was made from. */
  readonly index: Uint32Array;
}

/** @param place where a trial lies; NaN leaves it out */
export function rankCloud(
  trials: readonly {
    readonly number: number;
    readonly rank: number;
    readonly params?: JsonObject | undefined;
  }[],
  place: (params: JsonObject | undefined, row: number) => readonly [number, number],
): RankCloud {
  const places = trials.map(({ params, number }) => place(params, number));
  const index = Uint32Array.from(
    trials.flatMap((_, at) => (Number.isNaN(places[at]![0] + places[at]![1]) ? [] : [at])),
  ).sort((a, b) => trials[b]!.rank - trials[a]!.rank || b - a);
  return {
    index,
    x: Float64Array.from(index, (at) => places[at]![0]),
    y: Float64Array.from(index, (at) => places[at]![1]),
    ranks: Float64Array.from(index, (at) => trials[at]!.rank),
    row: Uint32Array.from(index, (at) => trials[at]!.number),
    state: new Uint8Array(index.length).fill(COMPLETED),
    missing: trials.length - index.length,
  };
}

/** The points whose x lies in a range; without one, all. */
export function ranksWithin(cloud: RankCloud, range: Range | undefined): RankCloud {
  if (range === undefined) return cloud;
  const seen = (_: unknown, i: number): boolean => within(cloud.x[i]!, range);
  return {
    ...cloudWithin(cloud, range),
    ranks: cloud.ranks.filter(seen),
    index: cloud.index.filter(seen),
  };
}
