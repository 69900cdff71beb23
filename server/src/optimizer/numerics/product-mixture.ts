/**
 * Product kernels, one a row, in columns: Gaussian in the numeric coordinates, a choice in the categorical ones. What a kernel does not have
 * (an inactive coordinate) counts as a factor 1.
 */
export interface ProductKernels {
  /** Per row and numeric coordinate: mean and 1 / (√2 deviation); both 0 where inactive. */
  readonly pairs: Float64Array;
  /** Per row and numeric coordinate: log-normaliser, 0 where inactive. */
  readonly norms: Float64Array;
  /** Per row: sum of its norms; −∞ marks a row that holds no kernel. */
  readonly rowLogs: Float64Array;
  /** Per row and categorical coordinate: 1 + choice, 0 where inactive. */
  readonly codes: Int16Array;
}

/** A weighted sum of the first `length` rows. */
export interface ProductMixture {
  readonly rows: ProductKernels;
  readonly length: number;
  /** Per row, at most 1. */
  readonly weights: Float64Array;
  /** Log-densities by categorical coordinate: at a kernel's own choice, at another. */
  readonly matches: Float64Array;
  readonly mismatches: Float64Array;
}

/**
 * Points to evaluate, as both implementations read them: coordinates that all points share are taken once for each kernel.
 * Arrays by candidate have `lanes` numbers a row, `count` rounded up to whole blocks.
 */
export interface Candidates {
  readonly count: number;
  readonly lanes: number;
  /** Number of numeric and of categorical coordinates. */
  readonly width: number;
  readonly choiceWidth: number;
  readonly numeric: Divided;
  /** Values are 1 + choice, 0 where inactive. */
  readonly categorical: Divided;
  /** Logarithm with which each point's sum begins, that of a term of weight 1. */
  readonly starts: Float64Array;
}

/** Coordinates of one kind. */
export interface Divided {
  /** Those that all points share and their value. */
  readonly shared: readonly number[];
  readonly sharedValues: readonly number[];
  /** Those that differ, and a row of lanes for each. */
  readonly varying: readonly number[];
  readonly values: Float64Array;
  /** Whether some point lacks a coordinate. Those that no point has are neither shared nor varying. */
  readonly hasGaps: boolean;
}

/** Values of one numeric coordinate, the first `count` of the arrays. Neighbours that are close save work. */
export interface Line {
  count: number;
  readonly values: Float64Array;
  /** Logarithm with which each value's sum begins, that of a term of weight 1. */
  readonly starts: Float64Array;
}

/** Candidates go eight at a time: four registers of two. */
const BLOCK = 8;
/** A term this far below the largest, in logarithms, is below rounding. */
export const NEGLIGIBLE = 36;

/** `units` and `codes` point by point: NaN and 0 where inactive; `starts` as in Candidates. */
export function createCandidates(
  width: number,
  units: Float64Array,
  choiceWidth: number,
  codes: Int16Array,
  starts: Float64Array,
): Candidates {
  const count = starts.length;
  const lanes = Math.ceil(count / BLOCK) * BLOCK;
  const numeric = divide(count, width, lanes, units, NaN);
  const categorical = divide(count, choiceWidth, lanes, codes, 0);
  return { count, lanes, width, choiceWidth, numeric, categorical, starts };
}

function divide(
  count: number,
  width: number,
  lanes: number,
  all: Float64Array | Int16Array,
  none: number,
): Divided {
  const shared: number[] = [];
  const sharedValues: number[] = [];
  const varying: number[] = [];
  let hasGaps = false;
  for (let at = 0; at < width; at++) {
    const first = all[at]!;
    let same = 0;
    let absent = 0;
    for (let point = 0; point < count; point++) {
      const value = all[point * width + at]!;
      if (value === first) same++;
      if (Object.is(value, none)) absent++;
    }
    if (absent > 0) hasGaps = true;
    if (absent === count) continue;
    if (same < count) varying.push(at);
    else {
      shared.push(at);
      sharedValues.push(first);
    }
  }
  const values = new Float64Array(varying.length * lanes);
  for (let row = 0; row < varying.length; row++)
    for (let lane = 0; lane < lanes; lane++)
      values[row * lanes + lane] = all[Math.min(lane, count - 1) * width + varying[row]!]!;
  return { shared, sharedValues, varying, values, hasGaps };
}

/** The most that the choices that differ can add to a logarithm. */
export const slackOf = ({ matches, mismatches }: ProductMixture, { categorical }: Candidates): number =>
  categorical.varying.reduce((sum, at) => sum + Math.max(0, matches[at]!, mismatches[at]!), 0);
