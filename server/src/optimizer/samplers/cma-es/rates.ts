/** Weights and learning rates of covariance matrix adaptation, as Hansen's tutorial sets them (arXiv:1604.00772, table 1). */
export interface Rates {
  /** By rank: those of the better half sum to 1, the others are below 0 (none with variances alone). */
  readonly weights: Float64Array;
  /** Variance effective selection mass of the better half. */
  readonly mass: number;
  /** Of the path and the size of the step, with its damping. */
  readonly step: number;
  readonly damping: number;
  /** Of the covariance's path, its rank-one and its rank-μ update. */
  readonly path: number;
  readonly one: number;
  readonly many: number;
  /** Expected length of a standard normal vector. */
  readonly length: number;
}

/** `width` counts the numeric parameters, `size` the trials a generation. */
export function ratesOf(width: number, size: number, isSeparable: boolean): Rates {
  const n = Math.max(1, width);
  const raw = Float64Array.from({ length: size }, (_, i) => Math.log((size + 1) / 2) - Math.log(i + 1));
  const positive = raw.filter((weight) => weight > 0);
  const negative = raw.filter((weight) => weight < 0);
  const mass = massOf(positive);
  const cap = 1 - 1e-8;
  // Variances alone have fewer numbers to learn (Ros and Hansen, PPSN 2008).
  const faster = isSeparable ? (n + 2) / 3 : 1;
  const one = Math.min(0.5, (faster * 2) / ((n + 1.3) ** 2 + mass));
  const many = Math.min(cap - one, (faster * 2 * (0.25 + mass + 1 / mass - 2)) / ((n + 2) ** 2 + mass));
  const step = (mass + 2) / (n + mass + 5);
  const most = Math.min(
    1 + one / many,
    1 + (2 * massOf(negative)) / (mass + 2),
    Math.max(0, 1 - one - many) / (n * many),
  );
  const [gains, losses] = [sumOf(positive), -sumOf(negative)];
  return {
    weights: raw.map((weight) => (weight >= 0 ? weight / gains : isSeparable ? 0 : (most * weight) / losses)),
    mass,
    step,
    damping: 1 + 2 * Math.max(0, Math.sqrt((mass - 1) / (n + 1)) - 1) + step,
    path: (4 + mass / n) / (n + 4 + (2 * mass) / n),
    one,
    many,
    length: Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n)),
  };
}

const sumOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
const massOf = (weights: Float64Array): number =>
  sumOf(weights) ** 2 / weights.reduce((sum, weight) => sum + weight * weight, 0);
