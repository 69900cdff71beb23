/** What was expected of one trial when it was suggested, and what came. */
export interface Prediction {
  readonly mean: number;
  readonly deviation: number;
  readonly observed: number;
}

/** Whether predictions were honest. */
export interface Calibration {
  readonly count: number;
  /** Central shares that were promised, and the share of observations within them. */
  readonly promised: Float64Array;
  readonly kept: Float64Array;
  /** Mean of (observed − expected) / deviation; 0 when unbiased. */
  readonly bias: number;
  /** Root mean square of the same; 1 when deviations are right, above it when they were too small. */
  readonly spread: number;
  /** Rank correlation of expected and observed, Spearman's; NaN when either is constant. */
  readonly correlation: number;
}

const PROMISED = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95];
/** Half-widths of these central shares of a normal distribution, in deviations. */
const HALF_WIDTHS = [
  0.12566134685507402, 0.2533471031357997, 0.3853204664075676, 0.5244005127080409, 0.6744897501960817,
  0.8416212335729142, 1.0364333894937896, 1.2815515655446004, 1.6448536269514722, 1.959963984540054,
];

/** Of predictions with finite numbers and positive deviations; undefined without any. */
export function calibrate(predictions: readonly Prediction[]): Calibration | undefined {
  const usable = predictions.filter(
    ({ mean, deviation, observed }) =>
      Number.isFinite(mean) && Number.isFinite(observed) && Number.isFinite(deviation) && deviation > 0,
  );
  if (usable.length === 0) return undefined;
  const scores = usable.map(({ mean, deviation, observed }) => (observed - mean) / deviation);
  const count = usable.length;
  return {
    count,
    promised: Float64Array.from(PROMISED),
    kept: Float64Array.from(
      HALF_WIDTHS,
      (half) => scores.filter((score) => Math.abs(score) <= half).length / count,
    ),
    bias: scores.reduce((sum, score) => sum + score, 0) / count,
    spread: Math.sqrt(scores.reduce((sum, score) => sum + score * score, 0) / count),
    correlation: spearman(
      usable.map(({ mean }) => mean),
      usable.map(({ observed }) => observed),
    ),
  };
}

/** Pearson correlation of the ranks, equal numbers sharing the middle one. */
export function spearman(a: readonly number[], b: readonly number[]): number {
  const [left, right] = [ranksOf(a), ranksOf(b)];
  const middle = (a.length - 1) / 2;
  let [product, one, other] = [0, 0, 0];
  for (let at = 0; at < a.length; at++) {
    product += (left[at]! - middle) * (right[at]! - middle);
    one += (left[at]! - middle) ** 2;
    other += (right[at]! - middle) ** 2;
  }
  return product / Math.sqrt(one * other);
}

function ranksOf(values: readonly number[]): Float64Array {
  const order = values.map((_, at) => at).sort((a, b) => values[a]! - values[b]! || a - b);
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    for (let at = start; at < end; at++) ranks[order[at]!] = (start + end - 1) / 2;
    start = end;
  }
  return ranks;
}
