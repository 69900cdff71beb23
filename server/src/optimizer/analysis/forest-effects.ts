import type { Trials } from "../history.ts";
import { INACTIVE } from "./binned-coordinate.ts";
import type { Forest } from "./forest.ts";
import type { Tree } from "./regression-tree.ts";
import { gridEdges, gridOf } from "./grid.ts";
import { activeShares } from "./rows.ts";
import type { Surrogate } from "./surrogate.ts";

/** A leaf's box: what part of each grid cell of each dimension it covers, and of the dimension as a whole. */
interface Leaf {
  readonly value: number;
  /** By dimension; undefined where the leaf covers everything. Weights of active cells, given that it is active. */
  readonly cover: readonly (Float64Array | undefined)[];
  /** By dimension, the share of its probability, the inactive state among it. */
  readonly share: Float64Array;
  /** Product of the shares. */
  readonly volume: number;
}

/**
 * Effects of a random forest by exact integration over the leaves of its trees (functional ANOVA: Hutter, Hoos and
 * Leyton-Brown, ICML 2014), each tree a draw. Coordinates are taken as independent, a conditional one as active with its
 * share of the space.
 */
export function forestEffects(
  history: Trials,
  { trees }: Forest,
): Pick<Surrogate, "draws" | "grid" | "effect" | "jointEffect" | "variances" | "shared"> {
  const { dimensions } = history.space;
  const grids = dimensions.map(gridOf);
  const edges = dimensions.map((dimension, index) => gridEdges(dimension, grids[index]!));
  const active = activeShares(history);
  const leaves = trees.map((tree) => leavesOf(tree, dimensions.length));

  function leavesOf(tree: Tree, width: number): Leaf[] {
    const found: Leaf[] = [];
    const low = new Float64Array(width).fill(INACTIVE);
    const high = new Float64Array(width).fill(Infinity);
    const sets: (Uint8Array | undefined)[] = new Array<Uint8Array | undefined>(width).fill(undefined);
    const touched = new Uint8Array(width);
    const visit = (node: number): void => {
      const feature = tree.feature[node]!;
      if (feature < 0) {
        const share = new Float64Array(width).fill(1);
        const cover = dimensions.map((_, index) => {
          if (touched[index] === 0) return undefined;
          const part = coverOf(index, low[index]!, high[index]!, sets[index]);
          share[index] = part.share;
          return part.cover;
        });
        const volume = share.reduce((product, part) => product * part, 1);
        found.push({ value: tree.value[node]!, cover, share, volume });
        return;
      }
      const wasTouched = touched[feature]!;
      touched[feature] = 1;
      const cells = tree.cells[node];
      const threshold = tree.threshold[node]!;
      const [lowest, highest, set] = [low[feature]!, high[feature]!, sets[feature]];
      if (cells === undefined) {
        high[feature] = Math.min(highest, threshold);
        visit(tree.left[node]!);
        high[feature] = highest;
        low[feature] = Math.max(lowest, threshold);
        visit(tree.right[node]!);
        low[feature] = lowest;
      } else {
        // The last place of a set says whether the inactive state is in it.
        const count = cells.length;
        const before = set ?? new Uint8Array(count + 1).fill(1);
        const isInactiveLeft = threshold === Infinity;
        sets[feature] = before.map((is, cell) => is & (cell < count ? cells[cell]! : Number(isInactiveLeft)));
        visit(tree.left[node]!);
        sets[feature] = before.map(
          (is, cell) => is & (cell < count ? 1 - cells[cell]! : Number(!isInactiveLeft)),
        );
        visit(tree.right[node]!);
        sets[feature] = set;
      }
      touched[feature] = wasTouched;
    };
    visit(0);
    return found;
  }

  function coverOf(index: number, low: number, high: number, set: Uint8Array | undefined) {
    const own = edges[index]!;
    const cover = new Float64Array(own.length - 1);
    let inside = 0;
    for (let cell = 0; cell < cover.length; cell++) {
      const width = own[cell + 1]! - own[cell]!;
      const part =
        set === undefined
          ? Math.max(0, Math.min(high, own[cell + 1]!) - Math.max(low, own[cell]!)) / width
          : set[cell]!;
      cover[cell] = part;
      inside += part * width;
    }
    const isInactiveIn = set === undefined ? low <= INACTIVE : set[set.length - 1] === 1;
    return { cover, share: active[index]! * inside + (1 - active[index]!) * Number(isInactiveIn) };
  }

  const effect = (dimension: number): Float64Array[] =>
    leaves.map((own) => {
      const sums = new Float64Array(grids[dimension]!.length);
      let everywhere = 0;
      for (const { value, volume, share, cover } of own) {
        const part = cover[dimension];
        if (part === undefined) everywhere += value * volume;
        else if (share[dimension]! > 0) {
          const weight = (value * volume) / share[dimension]!;
          for (let cell = 0; cell < sums.length; cell++) sums[cell]! += weight * part[cell]!;
        }
      }
      return sums.map((sum) => sum + everywhere);
    });

  return {
    draws: trees.length,
    grid: (dimension) => grids[dimension]!,
    effect,
    jointEffect(first, second) {
      const columns = grids[second]!.length;
      return leaves.map((own) => {
        const sums = new Float64Array(grids[first]!.length * columns);
        for (const leaf of own) {
          if (leaf.volume === 0) continue;
          const weight = (leaf.value * leaf.volume) / (leaf.share[first]! * leaf.share[second]!);
          const [rows, cells] = [leaf.cover[first], leaf.cover[second]];
          for (let i = 0; i < grids[first]!.length; i++) {
            const height = rows === undefined ? weight : weight * rows[i]!;
            if (height === 0) continue;
            for (let j = 0; j < columns; j++)
              sums[i * columns + j]! += cells === undefined ? height : height * cells[j]!;
          }
        }
        return sums;
      });
    },
    variances: Float64Array.from(leaves, (own) => {
      let [mean, square] = [0, 0];
      for (const leaf of own) {
        mean += leaf.value * leaf.volume;
        square += leaf.value ** 2 * leaf.volume;
      }
      return Math.max(0, square - mean * mean);
    }),
    shared: leaves.map(() => new Float64Array(dimensions.length)),
  };
}
