import type { Trials } from "../history.ts";
import type { Forest } from "./forest.ts";
import { leavesOf } from "./forest-leaves.ts";
import { gridEdges, gridOf } from "./grid.ts";
import { activeShares } from "./rows.ts";
import type { Surrogate } from "./surrogate.ts";

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
  const leaves = trees.map((tree) => leavesOf(tree, edges, active));

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
