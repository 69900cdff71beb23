import type { Stream } from "../numerics/stream.ts";
import type { Dimension } from "../space/dimension.ts";
import { INACTIVE, type BinnedCoordinate } from "./binned-coordinate.ts";
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

const SMALLEST_LEAF = 2;
const DEEPEST = 24;
/** Share of the dimensions tried at a split. */
const TRIED = 0.6;

/** The mean loss at the leaf that a point comes to. */
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

interface Split {
  readonly feature: number;
  /** Bins that go left. */
  readonly isLeft: Uint8Array;
  readonly threshold: number;
  readonly cells: Uint8Array | undefined;
}

/** Grows a tree from a sample of the rows, which it puts into another order. */
export function growTree(
  rows: Rows,
  binned: readonly BinnedCoordinate[],
  sample: Int32Array,
  stream: Stream,
): Tree {
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
  binned: readonly BinnedCoordinate[],
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
