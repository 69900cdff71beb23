import type { Trials } from "../history.ts";
import type { Stream } from "../numerics/stream.ts";
import { gridEdges, gridOf, varianceOver } from "./grid.ts";
import { activeShares } from "./rows.ts";
import { backward, type Group, type SmoothModel } from "./smooth-model.ts";
import type { Surrogate } from "./surrogate.ts";

const DRAWS = 40;

/** Effects of a smooth model: its functions have mean 0, so each group is an effect as it stands. */
export function smoothEffects(
  { space, ...history }: Trials,
  model: SmoothModel,
  stream: Stream,
): Pick<Surrogate, "draws" | "grid" | "effect" | "jointEffect" | "variances" | "shared"> {
  const { dimensions } = space;
  const { groups, coefficients, factor, intercept } = model;
  const length = coefficients.length;
  // In pairs about the mean, so that averages over the draws are those of the posterior mean.
  const draws = Array.from({ length: DRAWS / 2 }, () => {
    const draw = Float64Array.from({ length }, () => stream.normal());
    backward(factor, draw, length);
    return [1, -1].map((side) => draw.map((value, at) => coefficients[at]! + side * value));
  }).flat();
  const grids = dimensions.map(gridOf);
  const edges = dimensions.map((dimension, index) => gridEdges(dimension, grids[index]!));
  const active = activeShares({ space, ...history });

  // Features of a group on its grid, row by row.
  const designs = groups.map(({ dimensions: [one, other], start, size }) => {
    const point = new Float64Array(dimensions.length).fill(NaN);
    const features = new Float64Array(length);
    const design: Float64Array[] = [];
    for (const left of grids[one!]!) {
      point[one!] = left;
      for (const right of other === undefined ? [NaN] : grids[other]!) {
        if (other !== undefined) point[other] = right;
        model.features(point, features);
        design.push(features.slice(start, start + size));
      }
    }
    return design;
  });
  const values = (group: number, draw: Float64Array): Float64Array => {
    const { start, size } = groups[group]!;
    return Float64Array.from(designs[group]!, (row) => {
      let sum = 0;
      for (let at = 0; at < size; at++) sum += row[at]! * draw[start + at]!;
      return sum;
    });
  };
  const findGroup = (...wanted: readonly number[]): number =>
    groups.findIndex(
      ({ dimensions: own }) => own.length === wanted.length && wanted.every((d) => own.includes(d)),
    );

  /** Variance of a group's function over its grid, times the share of the space in which it applies. */
  const varianceOf = (group: number, draw: Float64Array): number => {
    const [one, other] = groups[group]!.dimensions;
    const own = values(group, draw);
    if (other === undefined) return active[one!]! * varianceOver(own, edges[one!]!);
    let sum = 0;
    const columns = grids[other]!.length;
    for (let i = 0; i < grids[one!]!.length; i++) {
      const height = edges[one!]![i + 1]! - edges[one!]![i]!;
      for (let j = 0; j < columns; j++)
        sum += own[i * columns + j]! ** 2 * height * (edges[other]![j + 1]! - edges[other]![j]!);
    }
    return Math.min(active[one!]!, active[other]!) * sum;
  };
  const isPair = ({ dimensions: own }: Group): boolean => own.length === 2;
  const parts = draws.map((draw) => groups.map((_, group) => varianceOf(group, draw)));
  return {
    draws: DRAWS,
    grid: (dimension) => grids[dimension]!,
    effect: (dimension) => draws.map((draw) => values(dimension, draw).map((value) => value + intercept)),
    jointEffect(first, second) {
      const pair = findGroup(first, second);
      const isTurned = pair >= 0 && groups[pair]!.dimensions[0] === second;
      return draws.map((draw) => {
        const [left, right] = [values(first, draw), values(second, draw)];
        const both = pair < 0 ? undefined : values(pair, draw);
        return Float64Array.from({ length: left.length * right.length }, (_, at) => {
          const i = Math.floor(at / right.length);
          const j = at % right.length;
          const product = both?.[isTurned ? j * left.length + i : at] ?? 0;
          return intercept + left[i]! + right[j]! + product;
        });
      });
    },
    variances: Float64Array.from(parts, (own) => own.reduce((sum, part) => sum + part, 0)),
    shared: parts.map((own) => {
      const halves = new Float64Array(dimensions.length);
      groups.forEach((group, at) => {
        if (isPair(group)) for (const dimension of group.dimensions) halves[dimension]! += own[at]! / 2;
      });
      return halves;
    }),
  };
}
