import type { Trials } from "../history.ts";
import { dot } from "../numerics/dot.ts";
import type { Dimension } from "../space/dimension.ts";
import { gridEdges, gridOf } from "./grid.ts";
import { type Reach, reachOf, typicalSlope, within } from "./reach.ts";
import { activeShares, type Rows } from "./rows.ts";
import type { SmoothModel } from "./smooth-model.ts";
import { type SplitTable, splitTable } from "./split-table.ts";
import type { Grid } from "./grid.ts";

/** One function of a smooth model's kind, taken apart into effects that have mean 0 over the space. */
export interface Effects {
  readonly coefficients: Float64Array;
  /** The mean loss over the space. */
  readonly level: number;
  /** What each dimension adds at its grid. */
  readonly own: readonly Float64Array[];
  /** Variance over the space of what each group adds that its dimensions do not add by themselves; 0 for a single dimension. */
  readonly joint: Float64Array;
}

/** How functions of a smooth model's kind are taken apart. */
export interface Dissection {
  readonly grids: readonly Grid[];
  /** By dimension, the edges of its grid's cells. */
  readonly edges: readonly Float64Array[];
  /** By dimension, the share of the space in which it is active. */
  readonly active: Float64Array;
  /** @param turns - by dimension two standard normal numbers: where the function goes below and above the trials that ended */
  takeApart(coefficients: Float64Array, turns: Float64Array): Effects;
  /** What a pair adds, on both grids. */
  tableOf(group: number, coefficients: Float64Array): SplitTable;
}

/**
 * Functional ANOVA. Beyond the trials that ended, where its polynomials would go anywhere, each function stays as it is at the last of
 * them, and is the less certain the further away: it may go on as steeply as it goes elsewhere, up or down.
 */
export function createDissection(history: Trials, rows: Rows, model: SmoothModel): Dissection {
  const { dimensions } = history.space;
  const { groups, intercept } = model;
  const grids = dimensions.map(gridOf);
  const edges = dimensions.map((dimension, index) => gridEdges(dimension, grids[index]!));
  const weights = edges.map((own) => Float64Array.from(own.subarray(1), (edge, at) => edge - own[at]!));
  const active = activeShares(history);
  const reaches = dimensions.map((dimension) => reachOf(dimension, rows));
  const designs = designsOf(dimensions, grids, reaches, model);

  const values = (group: number, coefficients: Float64Array): Float64Array => {
    const { start, size } = groups[group]!;
    const own = coefficients.subarray(start, start + size);
    return Float64Array.from(designs[group]!, (row) => dot(row, own));
  };
  /** How much further a dimension's function may have gone at its grid, one standard deviation; negative on the lower side. */
  const doubts = dimensions.map((_, index) => {
    const [grid, reach] = [grids[index]!, reaches[index]!];
    const slope = typicalSlope(grid, values(index, model.coefficients), reach);
    return grid.map((unit) => slope * (unit - within(reach, unit)));
  });
  const tableOf = (group: number, coefficients: Float64Array): SplitTable => {
    const [one, other] = groups[group]!.dimensions;
    return splitTable(values(group, coefficients), weights[one!]!, weights[other!]!);
  };

  return {
    grids,
    edges,
    active,
    tableOf,
    takeApart(coefficients, turns) {
      let level = intercept;
      const own = dimensions.map((_, index) => {
        const doubt = doubts[index]!;
        const curve = values(index, coefficients).map(
          (value, at) => value + doubt[at]! * turns[2 * index + Number(doubt[at]! > 0)]!,
        );
        const mean = curve.reduce((sum, value, at) => sum + value * weights[index]![at]!, 0);
        level += active[index]! * mean;
        return curve.map((value) => value - mean);
      });
      const joint = Float64Array.from(groups, ({ dimensions: [one, other] }, group) => {
        if (other === undefined) return 0;
        const table = tableOf(group, coefficients);
        const share = Math.min(active[one!]!, active[other]!);
        level += share * table.mean;
        table.rows.forEach((value, at) => (own[one!]![at]! += value));
        table.columns.forEach((value, at) => (own[other]![at]! += value));
        return share * table.variance;
      });
      return { coefficients, level, own, joint };
    },
  };
}

/** By group, its features on the grid of its dimensions, row by row. */
function designsOf(
  dimensions: readonly Dimension[],
  grids: readonly Grid[],
  reaches: readonly Reach[],
  model: SmoothModel,
): Float64Array[][] {
  return model.groups.map(({ dimensions: [one, other], start, size }) => {
    const point = new Float64Array(dimensions.length).fill(NaN);
    const features = new Float64Array(model.coefficients.length);
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
}
