import { paretoFront } from "./pareto.ts";

/**
 * Volume of what some points dominate within a reference point, all to be minimised. Exact: a sort for two objectives, a
 * sweep for three, for more the recursion of While, Bradstreet and Barone (WFG; IEEE TEC 16, 2012). Points that are not
 * strictly better than the reference in every objective add nothing.
 *
 * @param points - row-major, one row a point and `reference.length` numbers a row
 */
export function hypervolume(points: Float64Array, reference: ArrayLike<number>): number {
  const width = reference.length;
  const inside: number[] = [];
  for (let row = 0; row + width <= points.length; row += width) {
    let isInside = true;
    for (let j = 0; j < width; j++) isInside &&= points[row + j]! < reference[j]!;
    if (isInside) for (let j = 0; j < width; j++) inside.push(points[row + j]!);
  }
  return inside.length === 0 ? 0 : volume(front(Float64Array.from(inside), width), reference, width);
}

/** The non-dominated rows, best first by the first objective. */
function front(points: Float64Array, width: number): Float64Array {
  const rows = paretoFront(
    points,
    Array.from({ length: width }, () => 1),
  );
  const chosen = new Float64Array(rows.length * width);
  rows.forEach((row, at) => chosen.set(points.subarray(row * width, (row + 1) * width), at * width));
  return chosen;
}

/** Of a front in lexicographic order. */
function volume(points: Float64Array, reference: ArrayLike<number>, width: number): number {
  if (points.length === width) {
    let product = 1;
    for (let j = 0; j < width; j++) product *= reference[j]! - points[j]!;
    return product;
  }
  if (width === 1) return reference[0]! - points[0]!;
  if (width === 2) return area(points, reference);
  if (width === 3) return sweep(points, reference);
  return exclusiveSum(points, reference, width);
}

function area(points: Float64Array, reference: ArrayLike<number>): number {
  let total = 0;
  let height = reference[1]!;
  for (let at = 0; at < points.length; at += 2) {
    if (points[at + 1]! >= height) continue;
    total += (reference[0]! - points[at]!) * (height - points[at + 1]!);
    height = points[at + 1]!;
  }
  return total;
}

/** Slices along the third objective; the area of a slice changes by what each new point adds to a staircase. */
function sweep(points: Float64Array, reference: ArrayLike<number>): number {
  const count = points.length / 3;
  const order = Array.from({ length: count }, (_, row) => row).sort(
    (a, b) => points[3 * a + 2]! - points[3 * b + 2]! || a - b,
  );
  const stairs = createStaircase(reference[0]!, reference[1]!);
  let total = 0;
  for (let at = 0; at < count; at++) {
    const row = 3 * order[at]!;
    stairs.add(points[row]!, points[row + 1]!);
    const next = at + 1 < count ? points[3 * order[at + 1]! + 2]! : reference[2]!;
    total += stairs.area * (next - points[row + 2]!);
  }
  return total;
}

/** The area that points in the plane dominate, kept as points come. */
export interface Staircase {
  readonly area: number;
  /** Number of points that are not dominated. */
  readonly size: number;
  add(x: number, y: number): void;
}

export function createStaircase(right: number, top: number): Staircase {
  // Steps from left to right: x ascends, y descends.
  let xs = new Float64Array(16);
  let ys = new Float64Array(16);
  let size = 0;
  let area = 0;
  return {
    get area() {
      return area;
    },
    get size() {
      return size;
    },
    add(x, y) {
      if (!(x < right && y < top)) return;
      let start = 0;
      for (let high = size; start < high;) {
        const middle = (start + high) >>> 1;
        if (xs[middle]! < x) start = middle + 1;
        else high = middle;
      }
      if (start > 0 && ys[start - 1]! <= y) return;
      if (start < size && xs[start]! === x && ys[start]! <= y) return;
      // Columns between x and the first step that stays lower are raised down to y.
      let end = start;
      let left = x;
      let height = start > 0 ? ys[start - 1]! : top;
      while (end < size && ys[end]! >= y) {
        area += (xs[end]! - left) * (height - y);
        left = xs[end]!;
        height = ys[end]!;
        end++;
      }
      area += ((end < size ? xs[end]! : right) - left) * (height - y);
      if (size + 1 > xs.length) {
        xs = grown(xs);
        ys = grown(ys);
      }
      xs.copyWithin(start + 1, end, size);
      ys.copyWithin(start + 1, end, size);
      xs[start] = x;
      ys[start] = y;
      size += 1 - (end - start);
    },
  };
}

function grown(numbers: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(numbers.length * 2);
  longer.set(numbers);
  return longer;
}

/** Each point's box less what the points after it cover of it. */
function exclusiveSum(points: Float64Array, reference: ArrayLike<number>, width: number): number {
  const sorted = byLast(points, width);
  let total = 0;
  for (let row = 0; row < sorted.length; row += width) {
    let box = 1;
    for (let j = 0; j < width; j++) box *= reference[j]! - sorted[row + j]!;
    if (row + width < sorted.length) {
      const limited = sorted.slice(row + width);
      for (let at = 0; at < limited.length; at++)
        limited[at] = Math.max(limited[at]!, sorted[row + (at % width)]!);
      box -= volume(front(limited, width), reference, width);
    }
    total += box;
  }
  return total;
}

/** Worst last objective first: limited sets then collapse soonest, as WFG advises. */
function byLast(points: Float64Array, width: number): Float64Array {
  const rows = Array.from({ length: points.length / width }, (_, row) => row);
  rows.sort((a, b) => points[b * width + width - 1]! - points[a * width + width - 1]! || a - b);
  const sorted = new Float64Array(points.length);
  rows.forEach((row, at) => sorted.set(points.subarray(row * width, (row + 1) * width), at * width));
  return sorted;
}
