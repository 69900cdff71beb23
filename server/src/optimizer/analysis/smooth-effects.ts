import type { Trials } from "../history.ts";
import type { Stream } from "../numerics/stream.ts";
import { gridEdges, gridOf, varianceOver } from "./grid.ts";
import { reachOf, typicalSlope, within } from "./reach.ts";
import { activeShares, type Rows } from "./rows.ts";
import type { SmoothModel } from "./smooth-model.ts";
import type { Surrogate } from "./surrogate.ts";
import { splitTable } from "./split-table.ts";
import { backward } from "./triangular.ts";

const DRAWS = 40;

/** One of the model's alternatives, taken apart into effects that have mean 0 over the space. */
interface Draw {
  readonly coefficients: Float64Array;
  /** The mean loss over the space. */
  readonly level: number;
  /** What each dimension adds at its grid. */
  readonly own: readonly Float64Array[];
  /** Variance over the space of what each group adds that its dimensions do not add by themselves; 0 for a single dimension. */
  readonly joint: Float64Array;
}

/**
 * Effects of a smooth model (functional ANOVA). Beyond the trials that ended, where its polynomials would go anywhere, each function stays
 * as it is at the last of them, and is the less certain the further away: it may go on as steeply as it goes elsewhere, up or down.
 */
export function smoothEffects(
  { space, ...history }: Trials,
  rows: Rows,
  model: SmoothModel,
  stream: Stream,
): Pick<Surrogate, "draws" | "grid" | "effect" | "jointEffect" | "variances" | "shared"> {
  const { dimensions } = space;
  const { groups, coefficients, factor, intercept } = model;
  const length = coefficients.length;
  const grids = dimensions.map(gridOf);
  const edges = dimensions.map((dimension, index) => gridEdges(dimension, grids[index]!));
  const weights = edges.map((own) => Float64Array.from(own.subarray(1), (edge, at) => edge - own[at]!));
  const active = activeShares({ space, ...history });
  const reaches = dimensions.map((dimension) => reachOf(dimension, rows));

  // Features of a group on its grid, row by row.
  const designs = groups.map(({ dimensions: [one, other], start, size }) => {
    const point = new Float64Array(dimensions.length).fill(NaN);
    const features = new Float64Array(length);
    const design: Float64Array[] = [];
    for (const left of grids[one!]!) {
      point[one!] = within(reaches[one!]!, left);
      for (const right of other === undefined ? [NaN] : grids[other]!) {
        if (other !== undefined) point[other] = within(reaches[other]!, right);
        model.features(point, features);
        design.push(features.slice(start, start + size));
      }
    }
    return design;
  });
  const values = (group: number, drawn: Float64Array): Float64Array => {
    const { start, size } = groups[group]!;
    return Float64Array.from(designs[group]!, (row) => {
      let sum = 0;
      for (let at = 0; at < size; at++) sum += row[at]! * drawn[start + at]!;
      return sum;
    });
  };
  /** How much further a dimension's function may have gone at its grid, one standard deviation; negative on the lower side. */
  const doubts = dimensions.map((_, index) => {
    const [grid, reach] = [grids[index]!, reaches[index]!];
    const slope = typicalSlope(grid, values(index, coefficients), reach);
    return grid.map((unit) => slope * (unit - within(reach, unit)));
  });
  const tableOf = (group: number, drawn: Float64Array) => {
    const [one, other] = groups[group]!.dimensions;
    return splitTable(values(group, drawn), weights[one!]!, weights[other!]!);
  };

  function takeApart(drawn: Float64Array, turns: Float64Array): Draw {
    let level = intercept;
    const own = dimensions.map((_, index) => {
      const doubt = doubts[index]!;
      const curve = values(index, drawn).map(
        (value, at) => value + doubt[at]! * turns[2 * index + Number(doubt[at]! > 0)]!,
      );
      const mean = curve.reduce((sum, value, at) => sum + value * weights[index]![at]!, 0);
      level += active[index]! * mean;
      return curve.map((value) => value - mean);
    });
    const joint = Float64Array.from(groups, ({ dimensions: [one, other] }, group) => {
      if (other === undefined) return 0;
      const table = tableOf(group, drawn);
      const share = Math.min(active[one!]!, active[other]!);
      level += share * table.mean;
      table.rows.forEach((value, at) => (own[one!]![at]! += value));
      table.columns.forEach((value, at) => (own[other]![at]! += value));
      return share * table.variance;
    });
    return { coefficients: drawn, level, own, joint };
  }

  // In pairs about the mean, so that averages over the draws are those of the posterior mean.
  const draws = Array.from({ length: DRAWS / 2 }, () => {
    const step = Float64Array.from({ length }, () => stream.normal());
    backward(factor, step, length);
    const turns = Float64Array.from({ length: 2 * dimensions.length }, () => stream.normal());
    return [1, -1].map((side) =>
      takeApart(
        step.map((value, at) => coefficients[at]! + side * value),
        turns.map((value) => side * value),
      ),
    );
  }).flat();

  return {
    draws: DRAWS,
    grid: (dimension) => grids[dimension]!,
    effect: (dimension) => draws.map(({ level, own }) => own[dimension]!.map((value) => value + level)),
    jointEffect(first, second) {
      const pair = groups.findIndex(
        ({ dimensions: own }) => own.length === 2 && own.includes(first) && own.includes(second),
      );
      const isTurned = pair >= 0 && groups[pair]!.dimensions[0] === second;
      return draws.map(({ coefficients: drawn, level, own }) => {
        const [left, right] = [own[first]!, own[second]!];
        const both = pair < 0 ? undefined : tableOf(pair, drawn).rest;
        return Float64Array.from({ length: left.length * right.length }, (_, at) => {
          const i = Math.floor(at / right.length);
          const j = at % right.length;
          return level + left[i]! + right[j]! + (both?.[isTurned ? j * left.length + i : at] ?? 0);
        });
      });
    },
    variances: Float64Array.from(draws, ({ own, joint }) =>
      own.reduce(
        (sum, curve, index) => sum + active[index]! * varianceOver(curve, edges[index]!),
        joint.reduce((sum, part) => sum + part, 0),
      ),
    ),
    shared: draws.map(({ joint }) => {
      const halves = new Float64Array(dimensions.length);
      groups.forEach(({ dimensions: own }, at) => {
        for (const dimension of own) halves[dimension]! += joint[at]! / 2;
      });
      return halves;
    }),
  };
}
