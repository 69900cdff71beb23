import { INACTIVE } from "./binned-coordinate.ts";
import type { Tree } from "./regression-tree.ts";

/** A leaf's box: what part of each grid cell of each dimension it covers, and of the dimension as a whole. */
export interface Leaf {
  readonly value: number;
  /** By dimension; undefined where the leaf covers everything. Weights of active cells, given that it is active. */
  readonly cover: readonly (Float64Array | undefined)[];
  /** By dimension, the share of its probability, the inactive state among it. */
  readonly share: Float64Array;
  /** Product of the shares. */
  readonly volume: number;
}

/** Which part of a dimension is left on the way to a node. */
interface Range {
  readonly low: number;
  readonly high: number;
  /** Of a categorical dimension: 1 for each cell that is left; the last place says whether the inactive state is. */
  readonly set: Uint8Array | undefined;
}

const WHOLE: Range = { low: INACTIVE, high: Infinity, set: undefined };

/**
 * The leaves of a tree, from left to right.
 *
 * @param edges - by dimension, the edges of its grid's cells
 * @param active - by dimension, the share of the space in which it is active
 */
export function leavesOf(tree: Tree, edges: readonly Float64Array[], active: Float64Array): Leaf[] {
  const leaves: Leaf[] = [];
  /** By dimension; undefined where nothing was split. */
  const ranges: (Range | undefined)[] = edges.map(() => undefined);
  const visit = (node: number): void => {
    const feature = tree.feature[node]!;
    if (feature < 0) {
      leaves.push(leafOf(tree.value[node]!, ranges, edges, active));
      return;
    }
    const before = ranges[feature];
    const [left, right] = split(before ?? WHOLE, tree.threshold[node]!, tree.cells[node]);
    ranges[feature] = left;
    visit(tree.left[node]!);
    ranges[feature] = right;
    visit(tree.right[node]!);
    ranges[feature] = before;
  };
  visit(0);
  return leaves;
}

/** @param cells - of a split by category: 1 for each cell that goes left; the threshold then says whether the inactive state does */
function split(range: Range, threshold: number, cells: Uint8Array | undefined): [left: Range, right: Range] {
  if (cells === undefined) {
    return [
      { ...range, high: Math.min(range.high, threshold) },
      { ...range, low: Math.max(range.low, threshold) },
    ];
  }
  const count = cells.length;
  const set = range.set ?? new Uint8Array(count + 1).fill(1);
  const isInactiveLeft = threshold === Infinity;
  return [
    { ...range, set: set.map((is, cell) => is & (cell < count ? cells[cell]! : Number(isInactiveLeft))) },
    {
      ...range,
      set: set.map((is, cell) => is & (cell < count ? 1 - cells[cell]! : Number(!isInactiveLeft))),
    },
  ];
}

function leafOf(
  value: number,
  ranges: readonly (Range | undefined)[],
  edges: readonly Float64Array[],
  active: Float64Array,
): Leaf {
  const share = new Float64Array(ranges.length).fill(1);
  const cover = ranges.map((range, index) => {
    if (range === undefined) return undefined;
    const part = coverOf(range, edges[index]!, active[index]!);
    share[index] = part.share;
    return part.cover;
  });
  return { value, cover, share, volume: share.reduce((product, part) => product * part, 1) };
}

function coverOf({ low, high, set }: Range, edges: Float64Array, active: number) {
  const cover = new Float64Array(edges.length - 1);
  let inside = 0;
  for (let cell = 0; cell < cover.length; cell++) {
    const width = edges[cell + 1]! - edges[cell]!;
    const part =
      set === undefined
        ? Math.max(0, Math.min(high, edges[cell + 1]!) - Math.max(low, edges[cell]!)) / width
        : set[cell]!;
    cover[cell] = part;
    inside += part * width;
  }
  const isInactiveIn = set === undefined ? low <= INACTIVE : set[set.length - 1] === 1;
  return { cover, share: active * inside + (1 - active) * Number(isInactiveIn) };
}
