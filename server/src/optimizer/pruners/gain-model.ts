/** What a trial may end at, by the way from here on of others that looked alike. To be minimised. */
export interface Expectation {
  readonly mean: number;
  readonly deviation: number;
  /** Trials that it rests on, less what the fit has used up; at least 1. */
  readonly freedom: number;
}

/** A completed trial: its values at the common steps, as far as it went, and its end. */
export interface Profile {
  readonly values: Float64Array;
  readonly end: number;
}

/** Trials that an expectation needs. */
const FEWEST_PROFILES = 5;

/** How alike trials have to be, in median distances to the trial in question. */
const REACH = 2;
/** Pull of the slopes towards 0, in trials. */
const RIDGE = 1;
const FEATURES = 3;

/**
 * Local linear regression of the gain from a common step to the end on the value there and on the two steps before it at
 * half and at a quarter of the way, weighted towards trials that looked alike (Cleveland, JASA 74, 1979). What completed
 * trials of the same study did is a far better guide than any family of curves: it knows the noise, the schedule and
 * the late bloomers of this very problem.
 *
 * @param values - the trial's values at the common steps, up to the one in question
 * @param marks - indices of the common steps at about half and a quarter of the way
 */
export function expectEnd(
  values: ArrayLike<number>,
  marks: readonly [number, number],
  profiles: readonly Profile[],
): Expectation | undefined {
  const at = values.length - 1;
  const own = new Float64Array(FEATURES);
  writeFeatures(values, at, marks, own, 0);
  if (!own.every(Number.isFinite)) return undefined;
  const cohort = gather(own, at, marks, profiles);
  if (cohort.count < FEWEST_PROFILES) return undefined;
  const { middle, rest, deviation, freedom } = regress(cohort, weigh(cohort));
  return { mean: own[0]! + middle + rest, deviation, freedom };
}

/** The value at a common step, and how it got there in the last half and in the quarter before. */
function writeFeatures(
  values: ArrayLike<number>,
  at: number,
  [half, quarter]: readonly [number, number],
  into: Float64Array,
  start: number,
): void {
  into[start] = values[at]!;
  into[start + 1] = values[at]! - values[half]!;
  into[start + 2] = values[half]! - values[quarter]!;
}

/** Completed trials that came as far as the one in question. */
interface Cohort {
  readonly count: number;
  /** count × FEATURES, less those of the trial in question, which is thus at the origin. */
  readonly rows: Float64Array;
  /** What each gained from there to its end. */
  readonly gains: Float64Array;
}

function gather(
  own: Float64Array,
  at: number,
  marks: readonly [number, number],
  profiles: readonly Profile[],
): Cohort {
  const rows = new Float64Array(profiles.length * FEATURES);
  const gains = new Float64Array(profiles.length);
  let count = 0;
  for (const { values, end } of profiles) {
    if (values.length <= at) continue;
    const start = count * FEATURES;
    writeFeatures(values, at, marks, rows, start);
    let isUsable = Number.isFinite(end);
    for (let j = 0; j < FEATURES; j++) {
      isUsable &&= Number.isFinite(rows[start + j]!);
      rows[start + j]! -= own[j]!;
    }
    if (isUsable) gains[count++] = end - values[at]!;
  }
  return { count, rows, gains };
}

/** Brings the rows into units of the features' middle distances; answers how much each trial counts, the nearest most. */
function weigh({ count, rows }: Cohort): Float64Array {
  const scales = Array.from({ length: FEATURES }, (_, j) => {
    const distances = Float64Array.from({ length: count }, (__, i) =>
      Math.abs(rows[i * FEATURES + j]!),
    ).sort();
    return distances[count >> 1]! || distances[count - 1]! || 1;
  });
  const weights = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let distance = 0;
    for (let j = 0; j < FEATURES; j++) {
      const scaled = rows[i * FEATURES + j]! / scales[j]!;
      rows[i * FEATURES + j] = scaled;
      distance += scaled * scaled;
    }
    weights[i] = Math.exp((-0.5 * distance) / (FEATURES * REACH * REACH));
  }
  return weights;
}

/**
 * Weighted ridge regression of the gains in (1, features). The query is at the origin, so that its gain is the gains' weighted mean,
 * `middle`, and the first coefficient, `rest`.
 */
function regress({ count, rows, gains }: Cohort, weights: Float64Array) {
  let [total, squares, middle] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const weight = weights[i]!;
    total += weight;
    squares += weight * weight;
    middle += weight * gains[i]!;
  }
  middle /= total;

  const size = FEATURES + 1;
  const matrix = new Float64Array(size * size);
  const right = new Float64Array(size);
  const row = new Float64Array(size);
  for (let i = 0; i < count; i++) {
    row[0] = 1;
    row.set(rows.subarray(i * FEATURES, (i + 1) * FEATURES), 1);
    for (let a = 0; a < size; a++) {
      right[a]! += weights[i]! * row[a]! * (gains[i]! - middle);
      for (let b = 0; b < size; b++) matrix[a * size + b]! += weights[i]! * row[a]! * row[b]!;
    }
  }
  for (let a = 1; a < size; a++) matrix[a * size + a]! += RIDGE;
  const solution = solveSmall(matrix, right);
  const unit = Float64Array.from(right, (_, a) => Number(a === 0));
  const leverage = solveSmall(matrix, unit)[0]!;
  let residual = 0;
  for (let i = 0; i < count; i++) {
    let left = gains[i]! - middle - solution[0]!;
    for (let j = 0; j < FEATURES; j++) left -= solution[j + 1]! * rows[i * FEATURES + j]!;
    residual += weights[i]! * left * left;
  }
  const effective = (total * total) / squares;
  const freedom = Math.max(1, effective - 2);
  const variance = ((residual / total) * effective * (1 + leverage)) / freedom;
  return { middle, rest: solution[0]!, deviation: Math.sqrt(variance), freedom };
}

/** x with A x = b for a small positive definite A, by Cholesky's factors. */
function solveSmall(matrix: Float64Array, b: Float64Array): Float64Array {
  const size = b.length;
  const factor = matrix.slice();
  const x = b.slice();
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = factor[i * size + j]!;
      for (let k = 0; k < j; k++) sum -= factor[i * size + k]! * factor[j * size + k]!;
      factor[i * size + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / factor[j * size + j]!;
    }
    for (let k = 0; k < i; k++) x[i]! -= factor[i * size + k]! * x[k]!;
    x[i]! /= factor[i * size + i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) x[i]! -= factor[k * size + i]! * x[k]!;
    x[i]! /= factor[i * size + i]!;
  }
  return x;
}
