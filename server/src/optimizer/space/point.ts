/**
 * A point in unit-cube coordinates, one number a parameter in the order of the space: reals and integers by
 * their scale, categoricals as (index + 0.5) / choices; NaN where the parameter is inactive.
 */
export type Point = Float64Array;
