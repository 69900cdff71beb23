/** The reports of one running trial, ordered by step, one a step. */
export interface Curve {
  readonly steps: ArrayLike<number>;
  /** values[i] belongs to steps[i]; values of the first objective as reported, NaN and infinities included. */
  readonly values: ArrayLike<number>;
  /** With several objectives: the values of all, one row of them a step. */
  readonly vectors?: ArrayLike<number> | undefined;
}
