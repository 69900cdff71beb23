import { dot } from "../numerics/dot.ts";
import type { Point } from "./point.ts";
import type { Dimension } from "./dimension.ts";
import type { Row } from "./linear-row.ts";
import { type Budget, type Origin, type Region, relax } from "./linear-relaxation.ts";

/** Multiplications that a search may cost, about: tens of microseconds to a millisecond, and about a tenth of a second. */
const LITTLE = 5e5;
const MUCH = 5e7;
/** What a branch costs at least, and how many of them may follow each other. */
const NODE = 20_000;
const DEEPEST = 100;
/** Up to so many grids are left to branch and bound alone. */
const FEW = 6;

/**
 * How to move a point to where it keeps linear constraints: near it in the space without grids, where the constraints leave a convex
 * set, then by branch and bound for the grids (Land and Doig, Econometrica 28, 1960).
 */
export function createRepair(
  dimensions: readonly Dimension[],
  rows: readonly Row[],
): (point: Point, fixed: Point | undefined, isThorough: boolean) => Point | undefined {
  const indices = [...new Set(rows.flatMap((row) => row.indices))].sort((a, b) => a - b);
  const width = indices.length;
  const own = indices.map((index) => dimensions[index]!);
  const least = Float64Array.from(own, ({ toValue }) => Number(toValue(0)));
  const most = Float64Array.from(own, ({ toValue }) => Number(toValue(1)));
  const matrix = rows.map((row) => {
    const coefficients = new Float64Array(width);
    row.indices.forEach((index, at) => (coefficients[indices.indexOf(index)] = row.coefficients[at]!));
    return coefficients;
  });
  const aims = rows.map(({ upper, slack }) => upper - slack / 2);
  const isKept = (values: Float64Array): boolean =>
    rows.every(({ upper, slack }, j) => dot(matrix[j]!, values) <= upper + slack);
  const system = { rows, matrix, aims, isKept };
  const isGrid = own.map(({ kind }) => kind !== "continuous");
  const gridCount = isGrid.filter(Boolean).length;
  const valueOf = (at: number, cell: number): number => Number(own[at]!.toValue(own[at]!.centre(cell)));
  const cellAt = (value: number, at: number): number =>
    isGrid[at] === true ? own[at]!.cell(own[at]!.toUnit(value)) : 0;
  const round = (values: Float64Array): Float64Array =>
    values.map((value, at) => (isGrid[at] === true ? valueOf(at, cellAt(value, at)) : value));
  /** By how much rounding every coordinate to its grid can raise each sum, about. */
  const roundings = matrix.map((row) =>
    row.reduce((sum, coefficient, at) => {
      const { cells } = own[at]!;
      const gap = isGrid[at] === true && cells > 1 ? (most[at]! - least[at]!) / (cells - 1) : 0;
      return sum + (Math.abs(coefficient) * gap) / 2;
    }, 0),
  );

  /** Values on their grids that keep all constraints. */
  function settle(origin: Origin, region: Region, budget: Budget, depth = 0): Float64Array | undefined {
    budget.left -= NODE;
    const relaxed = depth < DEEPEST ? relax(system, origin, region, budget) : undefined;
    if (relaxed === undefined) return undefined;
    const rounded = round(relaxed);
    if (isKept(rounded)) return rounded;
    // Many grids are never all rounded well by chance, but from further inside they are.
    for (const share of depth === 0 && gridCount > FEW ? [0.1, 0.3, 1] : []) {
      const insets = roundings.map((rounding) => share * rounding);
      const inside = relax(system, origin, region, budget, insets);
      if (inside !== undefined && isKept(round(inside))) return round(inside);
    }
    // The grids as they are rounded, the others beside them.
    const beside = isGrid.includes(false)
      ? relax(system, origin, pinnedTo(rounded, region), budget)
      : undefined;
    if (beside !== undefined && isKept(beside)) return beside;
    const branch = furthest(relaxed, rounded, region, origin.units);
    if (branch < 0 || budget.left <= 0) return undefined;
    for (const half of halvesOf(region, branch, relaxed[branch]!)) {
      const found = settle(origin, half, budget, depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The region in which all grids have these values. */
  function pinnedTo(values: Float64Array, { lower, upper }: Region): Region {
    const pin = (bounds: Float64Array): Float64Array =>
      bounds.map((bound, at) => (isGrid[at] === true ? values[at]! : bound));
    return { lower: pin(lower), upper: pin(upper) };
  }

  /** The grid that rounding moved furthest, among those that are not settled; −1 without any. */
  function furthest(
    relaxed: Float64Array,
    rounded: Float64Array,
    { lower, upper }: Region,
    units: Float64Array,
  ): number {
    let branch = -1;
    let widest = 0;
    rounded.forEach((value, at) => {
      const away = Math.abs(value - relaxed[at]!) / units[at]!;
      if (isGrid[at] === true && lower[at]! < upper[at]! && away >= widest) [branch, widest] = [at, away];
    });
    return branch;
  }

  /** The region below and above a value of a grid, the nearer cell's first. */
  function halvesOf({ lower, upper }: Region, branch: number, value: number): Region[] {
    const cell = cellAt(value, branch);
    const isAbove = valueOf(branch, cell) > value;
    const below = isAbove ? cell - 1 : cell;
    const halves: Region[] = [];
    if (below >= 0 && valueOf(branch, below) >= lower[branch]!)
      halves.push({ lower, upper: upper.with(branch, valueOf(branch, below)) });
    if (below + 1 < own[branch]!.cells && valueOf(branch, below + 1) <= upper[branch]!)
      halves.push({ lower: lower.with(branch, valueOf(branch, below + 1)), upper });
    return isAbove ? halves.toReversed() : halves;
  }

  return (point, fixed, isThorough) => {
    if (width === 0) return point;
    const start = Float64Array.from(indices, (index, at) =>
      Number(own[at]!.toValue(Number.isNaN(point[index]!) ? 0.5 : point[index]!)),
    );
    const region: Region = { lower: least.slice(), upper: most.slice() };
    indices.forEach((index, at) => {
      const given = fixed?.[index] ?? NaN;
      if (Number.isNaN(given)) return;
      start[at] = region.lower[at] = region.upper[at] = Number(own[at]!.toValue(given));
    });
    const units = start.map((value, at) => unitAt(own[at]!, value, least[at]!, most[at]!));

    const settled = settle({ values: start, units }, region, { left: isThorough ? MUCH : LITTLE });
    if (settled === undefined) return undefined;
    const moved = point.slice();
    indices.forEach((index, at) => {
      const given = fixed?.[index] ?? NaN;
      if (!Number.isNaN(given)) moved[index] = given;
      else if (settled[at] !== start[at] || Number.isNaN(point[index]!))
        moved[index] = own[at]!.toUnit(settled[at]!);
    });
    const reached = Float64Array.from(indices, (index, at) => Number(own[at]!.toValue(moved[index]!)));
    return isKept(reached) ? moved : undefined;
  };
}

/** By how much a value changes when its coordinate crosses the cube at the pace that it has there. */
function unitAt({ toUnit }: Dimension, value: number, least: number, most: number): number {
  const range = most - least;
  if (range === 0) return 1;
  const step = 1e-3 * range;
  const [low, high] = [Math.max(least, value - step), Math.min(most, value + step)];
  const rise = toUnit(high) - toUnit(low);
  return rise > 0 ? Math.min(range, (high - low) / rise) : range;
}
