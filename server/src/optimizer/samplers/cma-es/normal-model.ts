import { symmetricEigen } from "../../numerics/symmetric-eigen.ts";
import type { Rates } from "./rates.ts";

/** A normal distribution over the numeric coordinates that moves towards good points. */
export interface NormalModel {
  readonly mean: Float64Array;
  /** How far the coordinates are scaled beyond what the covariance says; see applyMargin. */
  readonly stretch: Float64Array;
  /** Size of the step, in widths of the cube. */
  readonly sigma: number;
  /** Of one coordinate. */
  deviation(k: number): number;
  /** Covariance of two coordinates. */
  covariance(j: number, k: number): number;
  /** Where a standard normal vector lies in this distribution. */
  place(z: Float64Array): Float64Array;
  /** Learns from a generation: points by rank, the best first. */
  update(points: readonly Float64Array[]): void;
  /** Whether the distribution has shrunk to nothing or degenerated. */
  readonly isSpent: boolean;
}

/** A deviation below this, in widths of the cube, finds nothing any more, and one above it only leaves the cube. */
const LEAST = 1e-8;
const MOST = 0.5;
const CONDITION = 1e14;

/**
 * Covariance matrix adaptation with active updates (Hansen, arXiv:1604.00772). Points need not come from the present distribution: steps
 * that are too long for it are shortened (Hansen, "Injecting external solutions", arXiv:1110.4181), so that late results, other
 * samplers' and people's own trials count as well.
 */
export function createNormalModel(
  start: Float64Array,
  sigma0: number,
  rates: Rates,
  isSeparable: boolean,
): NormalModel {
  const n = start.length;
  const mean = start.slice();
  const stretch = new Float64Array(n).fill(1);
  const { weights, mass } = rates;
  /** Row-major n × n, or n variances. */
  const c = new Float64Array(isSeparable ? n : n * n);
  const at = (j: number, k: number): number => (isSeparable ? j : j * n + k);
  for (let k = 0; k < n; k++) c[at(k, k)] = 1;
  let axes: Float64Array = c.slice();
  let lengths: Float64Array = new Float64Array(n).fill(1);
  const stepPath = new Float64Array(n);
  const covariancePath = new Float64Array(n);
  let sigma = sigma0;
  let generation = 0;
  let isBroken = false;

  /** B D z, or with `power` −1 the vector B D⁻¹ Bᵀ y; without a matrix, axis by axis. */
  const stretchAlong = (z: Float64Array): Float64Array => {
    if (isSeparable) return z.map((value, k) => value * lengths[k]!);
    const y = new Float64Array(n);
    for (let j = 0; j < n; j++)
      for (let k = 0; k < n; k++) y[j] = y[j]! + axes[j * n + k]! * lengths[k]! * z[k]!;
    return y;
  };
  const whiten = (y: Float64Array): Float64Array => {
    if (isSeparable) return y.map((value, k) => value / lengths[k]!);
    const along = new Float64Array(n);
    for (let j = 0; j < n; j++) for (let k = 0; k < n; k++) along[k] = along[k]! + axes[j * n + k]! * y[j]!;
    const white = new Float64Array(n);
    for (let k = 0; k < n; k++) along[k] = along[k]! / lengths[k]!;
    for (let j = 0; j < n; j++)
      for (let k = 0; k < n; k++) white[j] = white[j]! + axes[j * n + k]! * along[k]!;
    return white;
  };
  const decompose = (): void => {
    if (isSeparable) {
      lengths = c.map(Math.sqrt);
      return;
    }
    const { values, vectors } = symmetricEigen(c, n);
    const largest = values[n - 1] ?? 1;
    isBroken ||= !((values[0] ?? 1) > largest / CONDITION);
    axes = vectors;
    lengths = values.map((value) => Math.sqrt(Math.max(value, largest / CONDITION)));
  };
  const deviation = (k: number): number => sigma * stretch[k]! * Math.sqrt(c[at(k, k)]!);

  return {
    mean,
    stretch,
    get sigma() {
      return sigma;
    },
    deviation,
    covariance: (j, k) =>
      isSeparable && j !== k ? 0 : sigma * sigma * stretch[j]! * stretch[k]! * c[at(j, k)]!,
    place: (z) => stretchAlong(z).map((y, k) => mean[k]! + sigma * stretch[k]! * y),
    update(points) {
      generation++;
      const longest = Math.sqrt(n) + (2 * n) / (n + 2);
      const steps = points.map((point) => {
        const y = point.map((unit, k) => (unit - mean[k]!) / (sigma * stretch[k]!));
        const length = norm(whiten(y));
        const shrink = Math.min(1, longest / length);
        return { y: shrink < 1 ? y.map((value) => value * shrink) : y, length: length * Math.min(1, shrink) };
      });
      const moved = new Float64Array(n);
      steps.forEach(({ y }, i) => {
        if (weights[i]! > 0) for (let k = 0; k < n; k++) moved[k] = moved[k]! + weights[i]! * y[k]!;
      });
      for (let k = 0; k < n; k++) {
        // No farther than the faces: there half of the draws leave the cube, and are pulled back onto the face. The paths
        // see the way that was made, lest a mean that stays at a face looked like one that hurries on.
        const scale = sigma * stretch[k]!;
        const next = Math.min(1, Math.max(0, mean[k]! + scale * moved[k]!));
        moved[k] = (next - mean[k]!) / scale;
        mean[k] = next;
      }

      const white = whiten(moved);
      const gain = Math.sqrt(rates.step * (2 - rates.step) * mass);
      for (let k = 0; k < n; k++) stepPath[k] = (1 - rates.step) * stepPath[k]! + gain * white[k]!;
      const pathLength = norm(stepPath);
      const expected = Math.sqrt(1 - (1 - rates.step) ** (2 * generation)) * rates.length;
      const isSteady = pathLength / expected < 1.4 + 2 / (n + 1);
      const reach = isSteady ? Math.sqrt(rates.path * (2 - rates.path) * mass) : 0;
      for (let k = 0; k < n; k++)
        covariancePath[k] = (1 - rates.path) * covariancePath[k]! + reach * moved[k]!;

      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const lost = isSteady ? 0 : rates.one * rates.path * (2 - rates.path);
      const keep = 1 + lost - rates.one - rates.many * total;
      const shares = steps.map(({ length }, i) => {
        const weight = weights[i]!;
        return rates.many * (weight >= 0 ? weight : (weight * n) / Math.max(length * length, 1e-12));
      });
      for (let j = 0; j < n; j++) {
        for (let k = isSeparable ? j : 0; k <= j; k++) {
          let value = keep * c[at(j, k)]! + rates.one * covariancePath[j]! * covariancePath[k]!;
          for (let i = 0; i < steps.length; i++) value += shares[i]! * steps[i]!.y[j]! * steps[i]!.y[k]!;
          c[at(j, k)] = value;
          c[at(k, j)] = value;
        }
      }
      sigma *= Math.exp(Math.min(1, (rates.step / rates.damping) * (pathLength / rates.length - 1)));
      let widest = 0;
      for (let k = 0; k < n; k++) widest = Math.max(widest, deviation(k));
      if (widest > MOST) sigma *= MOST / widest;
      isBroken ||= !Number.isFinite(sigma) || !c.every(Number.isFinite);
      if (!isBroken && generation % Math.max(1, Math.floor(n / 10)) === 0) decompose();
    },
    get isSpent() {
      let widest = 0;
      for (let k = 0; k < n; k++) widest = Math.max(widest, deviation(k));
      return isBroken || (n > 0 && !(widest > LEAST));
    },
  };
}

const norm = (vector: Float64Array): number =>
  Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
