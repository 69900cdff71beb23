import { leastDistance } from "../numerics/least-distance.ts";
import type { Point } from "../samplers/sampler.ts";
import type { Dimension } from "./dimension.ts";
import type { Row } from "./linear.ts";

/** Multiplications that a search may cost, about: tens of microseconds to a millisecond, and about a tenth of a second. */
const LITTLE = 5e5;
const MUCH = 5e7;
/** Rounds of projections before the exact method takes over. */
const SWEEPS = 30;
/** Beyond this many constrained parameters the exact method costs more than many more rounds. */
const EXACT = 64;
const MANY_SWEEPS = 1_000;
/** What a branch costs at least, and how many of them may follow each other. */
const NODE = 20_000;
const DEEPEST = 100;
/** Up to so many grids are left to branch and bound alone. */
const FEW = 6;

/** Constrained coordinates as values, each within its own bounds. */
interface Region {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

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
  /** Aimed at: a little inside, so that rounding does not lead out. */
  const aims = rows.map(({ upper, slack }) => upper - slack / 2);
  const isKept = (values: Float64Array): boolean =>
    rows.every(({ upper, slack }, j) => dot(matrix[j]!, values) <= upper + slack);
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

  return (point, fixed, isThorough) => {
    if (width === 0) return point;
    let work = isThorough ? MUCH : LITTLE;
    const start = Float64Array.from(indices, (index, at) =>
      Number(own[at]!.toValue(Number.isNaN(point[index]!) ? 0.5 : point[index]!)),
    );
    const region: Region = { lower: least.slice(), upper: most.slice() };
    indices.forEach((index, at) => {
      const given = fixed?.[index] ?? NaN;
      if (Number.isNaN(given)) return;
      start[at] = region.lower[at] = region.upper[at] = Number(own[at]!.toValue(given));
    });
    /** What a step in each coordinate is worth: as long as it is in the cube, about. */
    const units = start.map((value, at) => unitAt(own[at]!, value, least[at]!, most[at]!));

    const settled = settle(region, 0);
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

    /** Values on their grids that keep all constraints. */
    function settle({ lower, upper }: Region, depth: number): Float64Array | undefined {
      work -= NODE;
      const relaxed = depth < DEEPEST ? relax({ lower, upper }) : undefined;
      if (relaxed === undefined) return undefined;
      const cells = relaxed.map(cellAt);
      const rounded = round(relaxed);
      if (isKept(rounded)) return rounded;
      // Many grids are never all rounded well by chance, but from further inside they are.
      for (const share of depth === 0 && gridCount > FEW ? [0.1, 0.3, 1] : []) {
        const inside = relax({ lower, upper }, share);
        if (inside !== undefined && isKept(round(inside))) return round(inside);
      }
      // The grids as they are rounded, the others beside them.
      const pinned = { lower: lower.slice(), upper: upper.slice() };
      let branch = -1;
      let widest = 0;
      rounded.forEach((value, at) => {
        if (isGrid[at] !== true) return;
        pinned.lower[at] = pinned.upper[at] = value;
        const away = Math.abs(value - relaxed[at]!) / units[at]!;
        if (lower[at]! < upper[at]! && away >= widest) [branch, widest] = [at, away];
      });
      const beside = isGrid.includes(false) ? relax(pinned) : undefined;
      if (beside !== undefined && isKept(beside)) return beside;
      if (branch < 0 || work <= 0) return undefined;
      const cell = cells[branch]!;
      const isAbove = valueOf(branch, cell) > relaxed[branch]!;
      const below = isAbove ? cell - 1 : cell;
      const halves: Region[] = [];
      if (below >= 0 && valueOf(branch, below) >= lower[branch]!)
        halves.push({ lower, upper: upper.with(branch, valueOf(branch, below)) });
      if (below + 1 < own[branch]!.cells && valueOf(branch, below + 1) <= upper[branch]!)
        halves.push({ lower: lower.with(branch, valueOf(branch, below + 1)), upper });
      for (const half of isAbove ? halves.toReversed() : halves) {
        const found = settle(half, depth + 1);
        if (found !== undefined) return found;
      }
      return undefined;
    }

    /** Values near the start that keep all constraints, grids aside, by `inset` of what rounding to them can add. */
    function relax({ lower, upper }: Region, inset = 0): Float64Array | undefined {
      const targets = aims.map((aim, j) => aim - inset * roundings[j]!);
      const isReached = (values: Float64Array): boolean =>
        rows.every(({ slack }, j) => dot(matrix[j]!, values) <= targets[j]! + 1.5 * slack);
      const values = start.map((value, at) => Math.min(upper[at]!, Math.max(lower[at]!, value)));
      const sweeps = width > EXACT ? MANY_SWEEPS : SWEEPS;
      for (let sweep = 0; sweep < sweeps && work > 0; sweep++) {
        if (isReached(values)) return values;
        work -= 4 * width * rows.length;
        project(values, { lower, upper }, targets);
      }
      if (isReached(values)) return values;
      return width > EXACT || work <= 0 || inset > 0 ? undefined : relaxExactly(values, { lower, upper });
    }

    /** Onto one constraint after the other, within the bounds (Agmon, Canadian Journal of Mathematics 6, 1954). */
    function project(values: Float64Array, { lower, upper }: Region, targets: readonly number[]): void {
      matrix.forEach((row, j) => {
        const excess = dot(row, values) - targets[j]!;
        if (excess <= 0) return;
        let length = 0;
        for (let at = 0; at < width; at++) {
          const isStuck = row[at]! > 0 ? values[at]! <= lower[at]! : values[at]! >= upper[at]!;
          if (!isStuck) length += (row[at]! * units[at]!) ** 2;
        }
        if (length === 0) return;
        for (let at = 0; at < width; at++) {
          const moved = values[at]! - (excess / length) * row[at]! * units[at]! ** 2;
          values[at] = Math.min(upper[at]!, Math.max(lower[at]!, moved));
        }
      });
    }

    function relaxExactly(from: Float64Array, { lower, upper }: Region): Float64Array | undefined {
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
      work -= 4 * free.length * free.length * normals.length;
      const step = leastDistance(normals, bounds, 3 * normals.length);
      if (step === undefined) return undefined;
      const values = from.slice();
      free.forEach((at, k) => {
        values[at] = Math.min(upper[at]!, Math.max(lower[at]!, from[at]! + step[k]! * units[at]!));
      });
      return isKept(values) ? values : undefined;
    }
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

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
