import type { Stream } from "../numerics/stream.ts";
import type { Dimension } from "../space/dimension.ts";
import { binCoordinate } from "./binned-coordinate.ts";
import { growTree, predict, type Tree } from "./regression-tree.ts";
import type { Rows } from "./rows.ts";

export interface Forest {
  readonly trees: readonly Tree[];
  /** Mean squared error of rows predicted by the trees that did not see them. */
  readonly error: number;
}

const TREES = 48;
/** Rows a tree is grown from, at most. */
const MOST_ROWS = 700;

/** Random forest (Breiman, Machine Learning 45, 2001) with splits at quantiles, which makes a node cost O(rows). */
export function growForest(dimensions: readonly Dimension[], rows: Rows, stream: Stream): Forest {
  const binned = dimensions.map((dimension, index) => binCoordinate(dimension, rows, index));
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
