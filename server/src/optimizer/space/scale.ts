import type { ParameterValue } from "./parameter.ts";

/** How one domain maps onto [0, 1]. */
export interface Scale {
  /** `grid` has finitely many values in an order, `categorical` finitely many without one. */
  readonly kind: "continuous" | "grid" | "categorical";
  /** Number of values; Infinity when continuous. */
  readonly cells: number;
  /** The canonical value that `value` means, or undefined when it lies outside the domain or off its grid. */
  snap(value: ParameterValue): ParameterValue | undefined;
  /** Coordinate of a value; numbers outside are clamped, anything without a place gives NaN. */
  toUnit(value: ParameterValue): number;
  /** Canonical value at a coordinate of [0, 1]. */
  toValue(unit: number): ParameterValue;
  /** Which cell, from 0, a coordinate falls into; 0 when continuous. */
  cell(unit: number): number;
  /** Coordinate of a cell's value. */
  centre(cell: number): number;
  /** Coordinate of the lower border of a cell; `edge(cells)` is 1. */
  edge(cell: number): number;
}
