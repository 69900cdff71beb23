import { dot } from "./dot.ts";

/** Columns whose gradient is at most this are not worth a place: the columns have length 1. */
const SMALL = 1e-11;

/**
 * The shortest x with rows · x ≥ bounds, by non-negative least squares (Lawson and Hanson, Solving Least Squares Problems, 1974, chapter
 * 23). Undefined when there is none, or when it is not found in `steps` steps.
 *
 * @param rows - of equal length, none of them zero
 */
export function leastDistance(
  rows: readonly Float64Array[],
  bounds: ArrayLike<number>,
  steps: number,
): Float64Array | undefined {
  const width = rows[0]?.length ?? 0;
  const columns = rows.map((row, j) => {
    const column = Float64Array.from({ length: width + 1 }, (_, i) => (i < width ? row[i]! : bounds[j]!));
    const length = Math.hypot(...column);
    return column.map((value) => value / length);
  });
  /** Positions of the columns with a weight above 0, and these weights. */
  const used: number[] = [];
  let weights: number[] = [];
  // What is left of the last unit vector.
  const residual = new Float64Array(width + 1);
  const update = (): void => {
    residual.fill(0);
    residual[width] = 1;
    used.forEach((j, at) => {
      for (let i = 0; i <= width; i++) residual[i] = residual[i]! - weights[at]! * columns[j]![i]!;
    });
  };
  update();
  for (let step = 0; step < steps; step++) {
    let steepest = -1;
    let gradient = SMALL;
    columns.forEach((column, j) => {
      const own = used.includes(j) ? 0 : dot(column, residual);
      if (own > gradient) [steepest, gradient] = [j, own];
    });
    if (steepest < 0) return fromResidual(residual);
    used.push(steepest);
    weights.push(0);
    for (;;) {
      const wanted = solve(
        used.map((j) => columns[j]!),
        width,
      );
      if (wanted === undefined) return undefined;
      // As far as no weight becomes negative; those that reach 0 leave.
      let share = 1;
      wanted.forEach((value, at) => {
        if (value <= 0) share = Math.min(share, weights[at]! / (weights[at]! - value || 1));
      });
      weights = weights.map((value, at) => value + share * (wanted[at]! - value));
      if (share === 1) break;
      for (let at = used.length - 1; at >= 0; at--) {
        if (weights[at]! > 1e-14 || wanted[at]! > 0) continue;
        used.splice(at, 1);
        weights.splice(at, 1);
      }
      if (++step >= steps) return undefined;
    }
    update();
  }
  return undefined;
}

/** A residual of 0 proves that no x satisfies all. */
function fromResidual(residual: Float64Array): Float64Array | undefined {
  const width = residual.length - 1;
  const last = residual[width]!;
  return last > 1e-9 ? residual.slice(0, width).map((value) => -value / last) : undefined;
}

/** Weights of the columns that come nearest to the last unit vector, by their normal equations. */
function solve(columns: readonly Float64Array[], width: number): number[] | undefined {
  const size = columns.length;
  const factor = columns.map((a) => Float64Array.from(columns, (b) => dot(a, b)));
  const solved = columns.map((column) => column[width]!);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = factor[i]![j]!;
      for (let k = 0; k < j; k++) sum -= factor[i]![k]! * factor[j]![k]!;
      if (i === j && !(sum > 1e-13)) return undefined;
      factor[i]![j] = i === j ? Math.sqrt(sum) : sum / factor[j]![j]!;
    }
    let sum = solved[i]!;
    for (let k = 0; k < i; k++) sum -= factor[i]![k]! * solved[k]!;
    solved[i] = sum / factor[i]![i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = solved[i]!;
    for (let k = i + 1; k < size; k++) sum -= factor[k]![i]! * solved[k]!;
    solved[i] = sum / factor[i]![i]!;
  }
  return solved;
}
