import { expNegative } from "../../numerics/exp.ts";
import { TAIL_END } from "../../numerics/normal-tail.ts";
import { massInUnit } from "../../numerics/truncated-normal.ts";
import type { Dimension } from "../../space/dimension.ts";

/**
 * Kernels of the Parzen mixtures. All densities are relative to the uniform one on the unit cube (on the cells of a
 * grid, on the choices of a categorical), so that a coordinate that a trial does not have contributes a factor of 1.
 */

/** Mean and deviation of the prior kernel, which keeps every point possible. */
export const PRIOR_MEAN = 0.5;
export const PRIOR_DEVIATION = 1;

/** Grids with fewer cells than this in reach of a kernel are summed, others integrated. */
const SUMMED_CELLS = 64;
const REACH = 8.5;

/** Smallest deviation when `kernels` kernels (the prior among them) share a coordinate: Optuna's "magic clip". */
export function narrowest(kernels: number): number {
  return 1 / Math.min(100, 1 + kernels);
}

/** ln √(2π) */
const HALF_LOG_TAU = 0.5 * Math.log(2 * Math.PI);

/** Minus the logarithm of a kernel's integral, so that e^(result − ((x − mean) / deviation)² / 2) is a density. */
export function logNormalizer(dimension: Dimension, mean: number, deviation: number): number {
  const total = dimension.kind === "continuous" ? undefined : sum(dimension, mean, deviation);
  return total === undefined ? -logIntegral(mean, deviation) : -Math.log(total);
}

/** The latest deviation and its logarithm: many kernels in a row have the smallest one. */
const latest = Float64Array.of(1, 0);

/** Narrow kernels inside the range lose nothing at its ends, which saves a logarithm. */
function logIntegral(mean: number, deviation: number): number {
  if (latest[0] !== deviation) {
    latest[0] = deviation;
    latest[1] = Math.log(deviation);
  }
  const whole = HALF_LOG_TAU + latest[1]!;
  const isInside = mean / deviation >= TAIL_END && (1 - mean) / deviation >= TAIL_END;
  return isInside ? whole : whole + Math.log(massInUnit(mean, deviation));
}

/** The kernel added up over the cells within its reach; undefined when they are so many that the integral is as good. */
function sum(dimension: Dimension, mean: number, deviation: number): number | undefined {
  const first = dimension.cell(Math.max(0, mean - REACH * deviation));
  const last = dimension.cell(Math.min(1, mean + REACH * deviation));
  if (last - first >= SUMMED_CELLS) return undefined;
  let total = 0;
  for (let cell = first; cell <= last; cell++) {
    const distance = (dimension.centre(cell) - mean) / deviation;
    total += (dimension.edge(cell + 1) - dimension.edge(cell)) * expNegative(-0.5 * distance * distance);
  }
  return total;
}

/** Logarithm of the prior kernel's density at a coordinate. */
export function logPrior(normalizer: number, unit: number): number {
  const distance = (unit - PRIOR_MEAN) / PRIOR_DEVIATION;
  return normalizer - 0.5 * distance * distance;
}

/**
 * A categorical kernel is its choice with one share and the uniform distribution with 1/kernels of a share.
 * Logarithms of its density at its own choice and at any other.
 */
export function choiceLogs(
  choices: number,
  kernels: number,
): { readonly match: number; readonly mismatch: number } {
  const total = 1 + choices / kernels;
  return {
    match: Math.log((choices * (1 + 1 / kernels)) / total),
    mismatch: Math.log(choices / kernels / total),
  };
}

/** How many of the newest trials count fully. */
const FULL = 25;

/** Weight of the trial that is number `age` from the oldest among `count`: a ramp from 1/count to 1, then the newest 25. */
export function recencyWeight(age: number, count: number): number {
  const ramp = count - FULL;
  if (age >= ramp) return 1;
  return ramp === 1 ? 1 / count : 1 / count + (1 - 1 / count) * (age / (ramp - 1));
}
