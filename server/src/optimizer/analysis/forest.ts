import type { Stream } from "../numerics/stream.ts";
import type { Dimension } from "../space/dimension.ts";
import type { Rows } from "./rows.ts";

/** A regression tree in flat arrays; node 0 is the root. An inactive coordinate counts as smaller than all others. */
export interface Tree {
  /** Dimension to split by; −1 at a leaf. */
  readonly feature: Int32Array;
  /** Coordinates up to this go left; of a categorical, cells whose bit in `cells` is set. */
  readonly threshold: Float64Array;
  readonly cells: readonly (Uint8Array | undefined)[];
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Mean loss of the rows at a node. */
  readonly value: Float64Array;
}

export interface Forest {
  readonly trees: readonly Tree[];
  /** Mean squared error of rows predicted by the trees that did not see them. */
  readonly error: number;
}

const TREES = 48;
/** Rows a tree is grown from, at most. */
const MOST_ROWS = 700;
const SMALLEST_LEAF = 2;
const DEEPEST = 24;
/** Share of the dimensions tried at a split. */
const TRIED = 0.6;
const BINS = 48;

/** Where an inactive coordinate lies, and the threshold that parts it from the active ones. */
export const INACTIVE = -1;

/** Random forest (Breiman, Machine Learning 45, 2001) with splits at quantiles, which makes a node cost O(rows). */
export function growForest(dimensions: readonly Dimension[], rows: Rows, stream: Stream): Forest {
  const binned = dimensions.map((dimension, index) => binDimension(dimension, rows, index));
  const sums = new Float64Array(rows.count);
  const votes = new Int32Array(rows.count);
  const trees = Array.from({ length: TREES }, (_, at) => {
    const draw = stream.fork("tree", at);
    const isIn = new Uint8Array(rows.count);
    const sample = Int32Array.from({ length: Math.min(rows.count, MOST_ROWS) }, () => {
      const row = draw.integer(rows.count);
      isIn[row] = 1;
      return row;
    });
    const tree = growTree(rows, binned, sample, draw);
    for (let row = 0; row < rows.count; row++) {
      if (isIn[row] === 1) continue;
      sums[row]! += predict(tree, dimensions, rows.points.subarray(row * rows.width, (row + 1) * rows.width));
      votes[row]!++;
    }
    return tree;
  });
  let error = 0;
  let judged = 0;
  for (let row = 0; row < rows.count; row++) {
    if (votes[row] === 0) continue;
    error += (sums[row]! / votes[row]! - rows.losses[row]!) ** 2;
    judged++;
  }
  return { trees, error: judged === 0 ? Infinity : error / judged };
}

export function predict(tree: Tree, dimensions: readonly Dimension[], point: ArrayLike<number>): number {
  let node = 0;
  while (tree.feature[node]! >= 0) {
    const feature = tree.feature[node]!;
    const unit = Number.isNaN(point[feature]!) ? INACTIVE : point[feature]!;
    const cells = tree.cells[node];
    const isLeft =
      cells === undefined || unit === INACTIVE
        ? unit <= tree.threshold[node]!
        : cells[dimensions[feature]!.cell(unit)] === 1;
    node = isLeft ? tree.left[node]! : tree.right[node]!;
  }
  return tree.value[node]!;
}

/** A coordinate in few steps: each row's bin, and the upper edge of each bin. */
interface Binned {
  readonly bins: Uint8Array;
  readonly count: number;
  readonly edges: Float64Array;
  /** Of a categorical, the cell of each bin. */
  readonly cellOf: Int32Array | undefined;
  readonly cells: number;
}

function binDimension(dimension: Dimension, { count, width, points }: Rows, index: number): Binned {
  const units = Float64Array.from({ length: count }, (_, row) => {
    const unit = points[row * width + index]!;
    return Number.isNaN(unit) ? INACTIVE : unit;
  });
  const different = [...new Set(units)].sort((a, b) => a - b);
  let edges: number[];
  if (different.length <= BINS || dimension.kind === "categorical") {
    // Categoricals with very many choices: those beyond the bins share the last one.
    const shown = different.slice(0, 255);
    edges = shown.map((unit, at) => (at + 1 < shown.length ? (unit + shown[at + 1]!) / 2 : Infinity));
  } else {
    const sorted = units.toSorted();
    const starts = Array.from(
      { length: BINS - 1 },
      (_, at) => sorted[Math.floor(((at + 1) * count) / BINS)]!,
    );
    const inner = [...new Set(starts)].filter((unit) => unit > sorted[0]!);
    edges = [
      ...inner.map((unit) => {
        const below = sorted[lowerBound(sorted, unit) - 1]!;
        return (below + unit) / 2;
      }),
      Infinity,
    ];
  }
  const ends = Float64Array.from(edges);
  return {
    bins: Uint8Array.from(units, (unit) => lowerBound(ends, unit)),
    count: ends.length,
    edges: ends,
    cellOf:
      dimension.kind === "categorical"
        ? Int32Array.from(different.slice(0, 255), (unit) => (unit === INACTIVE ? -1 : dimension.cell(unit)))
        : undefined,
    cells: dimension.kind === "categorical" ? dimension.cells : 0,
  };
}

/** How many ascending numbers are smaller. */
function lowerBound(ascending: Float64Array, value: number): number {
  let low = 0;
  for (let high = ascending.length; low < high;) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface Split {
  readonly feature: number;
  /** Bins that go left. */
  readonly isLeft: Uint8Array;
  readonly threshold: number;
  readonly cells: Uint8Array | undefined;
}

function growTree(rows: Rows, binned: readonly Binned[], sample: Int32Array, stream: Stream): Tree {
  const feature: number[] = [];
  const threshold: number[] = [];
  const cells: (Uint8Array | undefined)[] = [];
  const left: number[] = [];
  const right: number[] = [];
  const value: number[] = [];
  const scratch = { sums: new Float64Array(256), sizes: new Int32Array(256) };
  const grow = (start: number, end: number, depth: number): number => {
    const node = feature.length;
    let sum = 0;
    for (let at = start; at < end; at++) sum += rows.losses[sample[at]!]!;
    feature.push(-1);
    threshold.push(0);
    cells.push(undefined);
    left.push(-1);
    right.push(-1);
    value.push(sum / (end - start));
    if (end - start < 2 * SMALLEST_LEAF || depth >= DEEPEST) return node;
    const split = bestSplit(rows, binned, sample.subarray(start, end), stream, scratch);
    if (split === undefined) return node;
    const { bins } = binned[split.feature]!;
    let middle = start;
    for (let at = start; at < end; at++) {
      const row = sample[at]!;
      if (split.isLeft[bins[row]!] !== 1) continue;
      sample[at] = sample[middle]!;
      sample[middle++] = row;
    }
    feature[node] = split.feature;
    threshold[node] = split.threshold;
    cells[node] = split.cells;
    left[node] = grow(start, middle, depth + 1);
    right[node] = grow(middle, end, depth + 1);
    return node;
  };
  grow(0, sample.length, 0);
  return {
    feature: Int32Array.from(feature),
    threshold: Float64Array.from(threshold),
    cells,
    left: Int32Array.from(left),
    right: Int32Array.from(right),
    value: Float64Array.from(value),
  };
}

/** Sums by bin, used by one split at a time. */
interface Scratch {
  readonly sums: Float64Array;
  readonly sizes: Int32Array;
}

/** The split that leaves the smallest squared error, among a random part of the dimensions; undefined if none helps. */
function bestSplit(
  rows: Rows,
  binned: readonly Binned[],
  sample: Int32Array,
  stream: Stream,
  scratch: Scratch,
): Split | undefined {
  const order = binned.map((_, index) => index);
  let wanted = Math.ceil(TRIED * order.length);
  let bestGain = 1e-12;
  let best: Split | undefined;
  const { losses } = rows;
  let total = 0;
  for (let place = 0; place < sample.length; place++) total += losses[sample[place]!]!;
  for (let at = 0; at < order.length && wanted > 0; at++) {
    const other = at + stream.integer(order.length - at);
    const index = order[other]!;
    order[other] = order[at]!;
    const { bins, count, edges, cellOf, cells } = binned[index]!;
    const { sums, sizes } = scratch;
    sums.fill(0, 0, count);
    sizes.fill(0, 0, count);
    for (let place = 0; place < sample.length; place++) {
      const row = sample[place]!;
      const bin = bins[row]!;
      sums[bin] = sums[bin]! + losses[row]!;
      sizes[bin] = sizes[bin]! + 1;
    }
    const present: number[] = [];
    for (let bin = 0; bin < count; bin++) if (sizes[bin]! > 0) present.push(bin);
    if (present.length < 2) continue; // a dimension that is constant here is no try
    wanted--;
    // The best division of choices keeps them in the order of their means (Breiman et al., 1984, theorem 4.5).
    if (cellOf !== undefined) present.sort((a, b) => sums[a]! / sizes[a]! - sums[b]! / sizes[b]! || a - b);
    let [sum, size, bestPlace] = [0, 0, -1];
    for (let place = 0; place + 1 < present.length; place++) {
      const bin = present[place]!;
      sum += sums[bin]!;
      size += sizes[bin]!;
      const rest = sample.length - size;
      if (size < SMALLEST_LEAF || rest < SMALLEST_LEAF) continue;
      const gain = (sum * sum) / size + (total - sum) ** 2 / rest - (total * total) / sample.length;
      if (gain <= bestGain * (1 + 1e-9)) continue;
      bestGain = gain;
      bestPlace = place;
    }
    if (bestPlace < 0) continue;
    const isLeft = new Uint8Array(count);
    if (cellOf === undefined) {
      const bin = present[bestPlace]!;
      isLeft.fill(1, 0, bin + 1);
      best = { feature: index, isLeft, threshold: edges[bin]!, cells: undefined };
      continue;
    }
    const set = new Uint8Array(cells);
    let threshold = -Infinity; // whether inactive goes left
    for (const chosen of present.slice(0, bestPlace + 1)) {
      isLeft[chosen] = 1;
      if (cellOf[chosen]! >= 0) set[cellOf[chosen]!] = 1;
      else threshold = Infinity;
    }
    best = { feature: index, isLeft, threshold, cells: set };
  }
  return best;
}
