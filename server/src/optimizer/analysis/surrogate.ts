import type { Grid } from "./grid.ts";
import type { Rows } from "./rows.ts";

/** A model of the objective over the space, as a mean and some equally likely alternatives. Losses are to be minimised. */
export interface Surrogate {
  readonly kind: "smooth" | "forest";
  /** Share of the variance among trials that it predicts for trials it has not seen, 0 to 1. */
  readonly explained: number;
  readonly rows: Rows;
  readonly draws: number;
  grid(dimension: number): Grid;
  /** The loss at a dimension's grid averaged over all others, where the dimension is active; one curve a draw. */
  effect(dimension: number): readonly Float64Array[];
  /** The same over two dimensions, row-major with the first one slowest. */
  jointEffect(first: number, second: number): readonly Float64Array[];
  /** Variance of the loss over the space, uniform in the unit cube; one number a draw. */
  readonly variances: Float64Array;
  /** Part of the variance that dimensions owe to each other, by dimension, half of each pair's; one array a draw. */
  readonly shared: readonly Float64Array[];
}
