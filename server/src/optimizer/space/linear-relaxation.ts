import { dot } from "../numerics/dot.ts";
import { leastDistance } from "../numerics/least-distance.ts";
import type { Row } from "./linear-row.ts";

/** Constrained coordinates as values, each within its own bounds. */
export interface Region {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** Multiplications that a search may still cost. */
export interface Budget {
  left: number;
}

/** Linear constraints on values of the constrained parameters. */
export interface LinearSystem {
  readonly rows: readonly Row[];
  /** The rows' coefficients, one a constrained parameter. */
  readonly matrix: readonly Float64Array[];
  /** What sums should not exceed: a little inside, so that rounding does not lead out. */
  readonly aims: readonly number[];
  /** Whether values keep all constraints. */
  isKept(values: Float64Array): boolean;
}

/** Where a search begins. */
export interface Origin {
  readonly values: Float64Array;
  /** What a step in each coordinate is worth: as long as it is in the cube, about. */
  readonly units: Float64Array;
}

/** Rounds of projections before the exact method takes over. */
const SWEEPS = 30;
/** Beyond this many constrained parameters the exact method costs more than many more rounds. */
const EXACT = 64;
const MANY_SWEEPS = 1_000;

/**
 * Values in a region and near the origin that keep all constraints, grids aside: by projections onto one constraint after the other, and
 * exactly when those do not get there. Undefined when there are none, or the budget is used up.
 *
 * @param insets - how much further inside than necessary to aim, by constraint; undefined for not at all
 */
export function relax(
  system: LinearSystem,
  origin: Origin,
  region: Region,
  budget: Budget,
  insets?: readonly number[],
): Float64Array | undefined {
  const { rows, matrix, aims } = system;
  const { lower, upper } = region;
  const targets = insets === undefined ? aims : aims.map((aim, j) => aim - insets[j]!);
  const isReached = (values: Float64Array): boolean =>
    rows.every(({ slack }, j) => dot(matrix[j]!, values) <= targets[j]! + 1.5 * slack);
  const values = origin.values.map((value, at) => Math.min(upper[at]!, Math.max(lower[at]!, value)));
  const width = values.length;
  const sweeps = width > EXACT ? MANY_SWEEPS : SWEEPS;
  for (let sweep = 0; sweep < sweeps && budget.left > 0; sweep++) {
    if (isReached(values)) return values;
    budget.left -= 4 * width * matrix.length;
    project(matrix, origin, region, targets, values);
  }
  if (isReached(values)) return values;
  const isHopeless = width > EXACT || budget.left <= 0 || insets !== undefined;
  return isHopeless ? undefined : relaxExactly(system, origin, region, budget, values);
}

/** Onto one constraint after the other, within the bounds (Agmon, Canadian Journal of Mathematics 6, 1954). */
function project(
  matrix: readonly Float64Array[],
  { units }: Origin,
  { lower, upper }: Region,
  targets: readonly number[],
  values: Float64Array,
): void {
  matrix.forEach((row, j) => {
    const excess = dot(row, values) - targets[j]!;
    if (excess <= 0) return;
    let length = 0;
    for (let at = 0; at < values.length; at++) {
      const isStuck = row[at]! > 0 ? values[at]! <= lower[at]! : values[at]! >= upper[at]!;
      if (!isStuck) length += (row[at]! * units[at]!) ** 2;
    }
    if (length === 0) return;
    for (let at = 0; at < values.length; at++) {
      const moved = values[at]! - (excess / length) * row[at]! * units[at]! ** 2;
      values[at] = Math.min(upper[at]!, Math.max(lower[at]!, moved));
    }
  });
}

/** The nearest values, in units, that keep the constraints and the bounds. */
function relaxExactly(
  { rows, matrix, aims, isKept }: LinearSystem,
  { units }: Origin,
  { lower, upper }: Region,
  budget: Budget,
  from: Float64Array,
): Float64Array | undefined {
  const free = [...from.keys()].filter((at) => lower[at]! < upper[at]!);
  const normals: Float64Array[] = [];
  const bounds: number[] = [];
  const add = (normal: Float64Array, bound: number): void => {
    const length = Math.hypot(...normal);
    normals.push(normal.map((value) => value / length));
    bounds.push(bound / length);
  };
  for (const [j, row] of matrix.entries()) {
    const normal = Float64Array.from(free, (at) => -row[at]! * units[at]!);
    const room = aims[j]! - dot(row, from);
    if (normal.some((value) => value !== 0)) add(normal, -room);
    else if (dot(row, from) > rows[j]!.upper + rows[j]!.slack) return undefined;
  }
  free.forEach((at, k) => {
    const axis = new Float64Array(free.length);
    add(axis.with(k, 1), (lower[at]! - from[at]!) / units[at]!);
    add(axis.with(k, -1), (from[at]! - upper[at]!) / units[at]!);
  });
  budget.left -= 4 * free.length * free.length * normals.length;
  const step = leastDistance(normals, bounds, 3 * normals.length);
  if (step === undefined) return undefined;
  const values = from.slice();
  free.forEach((at, k) => {
    values[at] = Math.min(upper[at]!, Math.max(lower[at]!, from[at]! + step[k]! * units[at]!));
  });
  return isKept(values) ? values : undefined;
}
