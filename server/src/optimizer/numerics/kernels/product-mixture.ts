import { expNegative } from "../exp.ts";
import { type Candidates, type Line, NEGLIGIBLE, type ProductMixture, slackOf } from "../product-mixture.ts";
import { memoryFor, START, wasm } from "./instance.ts";

/** Rows are handed over in pieces that a cache of the first level holds. */
const PIECE = 2_048;

/**
 * Logarithm of the mixture's density at each candidate, with a first term of weight 1 at its start, up to the constant of
 * the total weight.
 */
export function logDensities(mixture: ProductMixture, candidates: Candidates): Float64Array {
  const { rows, length, weights, matches, mismatches } = mixture;
  const { count, lanes, width, choiceWidth, numeric, categorical, starts } = candidates;
  const { hasGaps } = numeric;
  const piece = Math.min(length, Math.max(16, Math.floor(PIECE / (width + choiceWidth + 1))));

  const pairs = START;
  const norms = pairs + 16 * piece * width;
  const rowLogs = norms + (hasGaps ? 8 * piece * width : 0);
  const rowWeights = rowLogs + 8 * piece;
  const rowCodes = rowWeights + 8 * piece;
  const columns = rowCodes + 8 * Math.ceil((piece * choiceWidth) / 4);
  const choices = columns + 8 * Math.ceil(width / 2);
  const shared = choices + 8 * Math.ceil(choiceWidth / 2);
  const units = shared + 8 * (numeric.shared.length + 3 * categorical.shared.length);
  const codes = units + 8 * numeric.values.length;
  const misses = codes + 8 * categorical.values.length;
  const ownChoice = misses + 8 * categorical.values.length;
  const maxima = ownChoice + 8 * categorical.varying.length;
  const bounds = maxima + 8 * lanes;
  const sums = bounds + 8 * lanes;
  const { numbers, words, halves } = memoryFor((sums - START) / 8 + lanes);

  let position = columns / 4;
  for (const at of numeric.shared) words[position++] = at;
  for (const at of numeric.varying) words[position++] = at;
  position = choices / 4;
  for (const at of categorical.shared) words[position++] = at;
  for (const at of categorical.varying) words[position++] = at;
  position = shared / 8;
  for (const unit of numeric.sharedValues) numbers[position++] = unit;
  for (let i = 0; i < categorical.shared.length; i++) {
    numbers[position++] = categorical.sharedValues[i]!;
    numbers[position++] = matches[categorical.shared[i]!]!;
    numbers[position++] = mismatches[categorical.shared[i]!]!;
  }
  numbers.set(numeric.values, units / 8);
  numbers.set(categorical.values, codes / 8);
  for (let i = 0; i < categorical.varying.length; i++) {
    const at = categorical.varying[i]!;
    numbers[ownChoice / 8 + i] = matches[at]!;
    for (let place = i * lanes; place < (i + 1) * lanes; place++)
      numbers[misses / 8 + place] = categorical.values[place] === 0 ? 0 : mismatches[at]!;
  }
  for (let lane = 0; lane < lanes; lane++) {
    const start = lane < count ? starts[lane]! : Infinity; // nothing exceeds it
    numbers[maxima / 8 + lane] = start;
    numbers[bounds / 8 + lane] = start - NEGLIGIBLE;
    numbers[sums / 8 + lane] = 1;
  }
  const slack = slackOf(mixture, candidates);
  for (let from = 0; from < length; from += piece) {
    const to = Math.min(length, from + piece);
    numbers.set(rows.pairs.subarray(2 * from * width, 2 * to * width), pairs / 8);
    if (hasGaps) numbers.set(rows.norms.subarray(from * width, to * width), norms / 8);
    numbers.set(rows.rowLogs.subarray(from, to), rowLogs / 8);
    numbers.set(weights.subarray(from, to), rowWeights / 8);
    if (choiceWidth > 0) halves.set(rows.codes.subarray(from * choiceWidth, to * choiceWidth), rowCodes / 2);
    wasm.addKernels(
      to - from,
      pairs,
      norms,
      rowLogs,
      rowWeights,
      rowCodes,
      width,
      choiceWidth,
      hasGaps,
      columns,
      numeric.shared.length,
      numeric.shared.length + numeric.varying.length,
      choices,
      categorical.shared.length,
      categorical.shared.length + categorical.varying.length,
      shared,
      units,
      codes,
      misses,
      ownChoice,
      slack,
      lanes,
      maxima,
      bounds,
      sums,
    );
  }
  const logs = new Float64Array(count);
  for (let at = 0; at < count; at++) logs[at] = numbers[maxima / 8 + at]! + Math.log(numbers[sums / 8 + at]!);
  return logs;
}

/**
 * Logarithms of the mixture's marginal density of the coordinate `at` of `width` along a line, from every `stride`-th kernel, up to
 * the constant of the total weight, which it answers.
 */
export function logLine(
  { rows, length, weights }: ProductMixture,
  width: number,
  at: number,
  stride: number,
  { count, values, starts }: Line,
  logs: Float64Array,
): number {
  const lanes = count + (count & 1); // two to a register
  const { numbers } = memoryFor(4 * Math.ceil(length / stride) + 2 * lanes);
  const { pairs, norms, rowLogs } = rows;
  const kernels = START >> 3;
  let to = kernels;
  let total = 1;
  let top = -Infinity;
  let least = Infinity;
  for (let i = 0; i < count; i++) {
    const start = starts[i]!;
    if (start > top) top = start;
    if (start < least) least = start;
  }
  for (let row = 0; row < length; row += stride) {
    if (rowLogs[row] === -Infinity) continue;
    const slot = row * width + at;
    const norm = norms[slot]!;
    const weight = weights[row]!;
    if (norm > top) top = norm;
    numbers[to] = pairs[2 * slot]!;
    numbers[to + 1] = pairs[2 * slot + 1]!;
    numbers[to + 2] = norm;
    numbers[to + 3] = weight;
    to += 4;
    total += weight;
  }
  const sums = to + lanes;
  for (let lane = 0; lane < lanes; lane++) {
    const i = lane < count ? lane : count - 1;
    numbers[to + lane] = values[i]!;
    numbers[sums + lane] = expNegative(starts[i]! - top);
  }
  wasm.addLine((to - kernels) >> 2, START, top, least - top - NEGLIGIBLE, 8 * to, lanes, 8 * sums);
  for (let i = 0; i < count; i++) logs[i] = top + Math.log(numbers[sums + i]!);
  return total;
}
