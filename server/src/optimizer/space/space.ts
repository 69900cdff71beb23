import type { Point } from "./point.ts";
import { type CheckOptions, checkParams, type Problem } from "./check-params.ts";
import { createDimensions, type Dimension, parentsFirst } from "./dimension.ts";
import { enumerate } from "./enumerate.ts";
import { createLinear, type Linear, type LinearConstraint } from "./linear.ts";
import type { Parameter, ParameterValue, Params } from "./parameter.ts";

/** A study's search space: what a point is, as values for people and as coordinates for samplers. */
export interface Space {
  readonly parameters: readonly Parameter[];
  readonly dimensions: readonly Dimension[];
  /** Indices of the dimensions, every parent before its children. */
  readonly order: readonly number[];
  /** Number of different points; Infinity when any of them is continuous or when there are more than 2^53. */
  readonly size: number;
  /** What points must keep to beyond their domains; points that do not are none of the space's, though `size` counts them. */
  readonly linear: Linear;
  /** Whether dimension `index` is active at a point whose ancestors of that dimension are set. */
  isActive(point: Point, index: number): boolean;
  /** Canonical values of the active parameters: on the grid, integers exact, in the order of declaration. */
  toParams(point: Point): Params;
  /**
   * Coordinates of given values, NaN where a parameter is missing or inactive. Accepts part of the values; a value
   * whose parent is missing keeps its coordinate. Values that `check` refuses are clamped or, without a place, NaN.
   */
  toPoint(params: Params): Point;
  /** The values on their grids, inactive and unknown names left out; values that `check` refuses stay as they are. */
  canonical(params: Params): Params;
  /** Identity of a point: equal for two sets of values exactly if they mean the same point. */
  key(params: Params): string;
  /** What is wrong with given values, in words; empty when nothing is. */
  check(params: Params, options?: CheckOptions): Problem[];
}

/** The space of parameters that `checkParameters` found right, and of constraints that `checkLinear` did. */
export function createSpace(
  parameters: readonly Parameter[],
  constraints: readonly LinearConstraint[] = [],
): Space {
  const dimensions = createDimensions(parameters);
  const order = parentsFirst(dimensions);

  const isActive = (point: Point, index: number): boolean => {
    const { parent, activeCells } = dimensions[index]!;
    if (parent < 0) return true;
    if (Number.isNaN(point[parent]!)) return false;
    return activeCells.includes(dimensions[parent]!.cell(point[parent]!)) && isActive(point, parent);
  };
  const toPoint = (params: Params): Point => {
    const point = new Float64Array(dimensions.length).fill(NaN);
    for (const index of order) {
      const { name, parent, activeCells, snap, toUnit } = dimensions[index]!;
      if (!Object.hasOwn(params, name)) continue;
      const isLeft = parent >= 0 && !Number.isNaN(point[parent]!);
      if (isLeft && !activeCells.includes(dimensions[parent]!.cell(point[parent]!))) continue;
      // A grandparent decides too: a parent that was given but is inactive has no coordinate.
      if (parent >= 0 && !isLeft && Object.hasOwn(params, dimensions[parent]!.name)) continue;
      const value = params[name]!;
      point[index] = toUnit(snap(value) ?? value);
    }
    return point;
  };
  const canonical = (params: Params): Params => {
    const point = toPoint(params);
    return valuesOf(dimensions, ({ index, name, snap }) => {
      if (Number.isNaN(point[index]!)) return undefined;
      return snap(params[name]!) ?? params[name]!;
    });
  };

  return {
    parameters,
    dimensions,
    order,
    size: enumerate(dimensions).size,
    linear: createLinear(parameters, dimensions, constraints),
    isActive,
    toPoint,
    canonical,
    toParams: (point) =>
      valuesOf(dimensions, ({ index, toValue }) => {
        if (Number.isNaN(point[index]!) || !isActive(point, index)) return undefined;
        return toValue(point[index]!);
      }),
    key(params) {
      const values = canonical(params);
      const parts = dimensions.map(({ name }) => (Object.hasOwn(values, name) ? values[name] : []));
      return JSON.stringify(parts);
    },
    check: (params, options) => checkParams(parameters, dimensions, params, options),
  };
}

/** Values by name, in the order of declaration, without those that are undefined. */
function valuesOf(
  dimensions: readonly Dimension[],
  valueOf: (dimension: Dimension) => ParameterValue | undefined,
): Params {
  const values: Record<string, ParameterValue> = {};
  for (const dimension of dimensions) {
    const value = valueOf(dimension);
    if (value === undefined) continue;
    // A parameter may be called __proto__, which an assignment would not make a property.
    if (dimension.name === "__proto__")
      Object.defineProperty(values, dimension.name, {
        value,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    else values[dimension.name] = value;
  }
  return values;
}
