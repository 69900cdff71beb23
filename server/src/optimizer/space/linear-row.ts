/** One constraint over a space's dimensions. */
export interface Row {
  readonly indices: readonly number[];
  readonly coefficients: readonly number[];
  readonly upper: number;
  /** Sums that exceed `upper` by no more than this are taken for rounding. */
  readonly slack: number;
}
