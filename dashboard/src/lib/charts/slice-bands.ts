import { toJson } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import type { Slice } from "@asktell/proto/asktell/v1/analysis_service_pb";
import { encodeValue, type Dimension } from "../data/spec.ts";

/** A model's average along a parameter with its interval, by place on the parameter's number line, ascending. */
export interface SliceBand {
  readonly places: readonly number[];
  readonly mean: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** Whether there is something between the places. */
  readonly isContinuous: boolean;
}

/** The bands of slices by the parameter's name. */
export function sliceBands(
  slices: readonly Slice[],
  dimensions: readonly Dimension[],
): ReadonlyMap<string, SliceBand> {
  const byName = new Map(dimensions.map((dimension) => [dimension.name, dimension]));
  return new Map(
    slices.flatMap(({ axis, mean, low, high }) => {
      const dimension = byName.get(axis?.parameter ?? "");
      if (axis === undefined || dimension === undefined) return [];
      const places = axis.values.map((value) => encodeValue(dimension, toJson(ValueSchema, value)));
      return [[axis.parameter, { places, mean, low, high, isContinuous: dimension.kind !== "categorical" }]];
    }),
  );
}

/** The outline of an interval as a path: along its upper side and back along the lower one. */
export function bandPath(
  { places, low, high }: SliceBand,
  toX: (place: number) => number,
  toY: (value: number) => number,
): string {
  const there = places.map((place, i) => point(toX(place), toY(high[i] ?? NaN)));
  const back = places.map((place, i) => point(toX(place), toY(low[i] ?? NaN))).reverse();
  return there.length === 0 ? "" : `M${[...there, ...back].join("L")}Z`;
}

/** The average as a path. */
export function meanPath(
  { places, mean }: SliceBand,
  toX: (place: number) => number,
  toY: (value: number) => number,
): string {
  return places.length === 0
    ? ""
    : `M${places.map((place, i) => point(toX(place), toY(mean[i] ?? NaN))).join("L")}`;
}

function point(x: number, y: number): string {
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}
