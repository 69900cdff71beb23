/*
 * AssemblyScript, compiled to WebAssembly by `npm run generate`; module.ts holds the result. Two candidates to a register, plain SIMD without fused
 * or relaxed instructions, and each sum in the order in which product-mixture.ts makes it, so that the results are the same to the last bit.
 */

/** Where instance.ts puts 2^(i/64) for i from 0 to 63. */
const FRACTIONS: usize = 192;
/** As in product-mixture.ts. */
const NEGLIGIBLE: f64 = 36;
/** Candidates go in blocks of eight: four registers of running logarithms. */
const BLOCK: i32 = 8;

/** exp.ts, expNegative: e^x for x ≤ 0 in both lanes. */
@inline
function expNegative(x: v128): v128 {
  const k = f64x2.floor(f64x2.add(f64x2.mul(x, f64x2.splat(92.332482616893657)), f64x2.splat(0.5)));
  const high = f64x2.mul(k, f64x2.splat(0.010830424726009369));
  const low = f64x2.mul(k, f64x2.splat(-2.9760223436840126e-11));
  const r = f64x2.sub(f64x2.sub(x, high), low);
  let series = f64x2.add(f64x2.mul(r, f64x2.splat(1.0 / 120)), f64x2.splat(1.0 / 24));
  series = f64x2.add(f64x2.mul(r, series), f64x2.splat(1.0 / 6));
  series = f64x2.add(f64x2.mul(r, series), f64x2.splat(0.5));
  series = f64x2.add(f64x2.mul(r, series), f64x2.splat(1));
  series = f64x2.add(f64x2.mul(r, series), f64x2.splat(1));
  const whole = i32x4.trunc_sat_f64x2_s_zero(k);
  const first = FRACTIONS + (<usize>(i32x4.extract_lane(whole, 0) & 63) << 3);
  const second = FRACTIONS + (<usize>(i32x4.extract_lane(whole, 1) & 63) << 3);
  const fraction = v128.load_lane<f64>(second, v128.load64_zero(first), 1);
  const exponent = i64x2.add(i64x2.extend_low_i32x4_s(i32x4.shr_s(whole, 6)), i64x2.splat(1023));
  const power = i64x2.shl(exponent, 52);
  const value = f64x2.mul(f64x2.mul(series, fraction), power);
  return v128.and(value, f64x2.gt(x, f64x2.splat(-708)));
}

/** The least of the bounds: what no candidate's logarithm exceeds changes nothing. */
@inline
function least(bounds: usize, lanes: i32): f64 {
  let found: f64 = Infinity;
  for (let lane = 0; lane < lanes; lane++) found = min<f64>(found, load<f64>(bounds + (<usize>lane << 3)));
  return found;
}

/** Whether any candidate of a block is still above its bound. */
@inline
function isAbove(a0: v128, a1: v128, a2: v128, a3: v128, bounds: usize): bool {
  const low = v128.or(f64x2.gt(a0, v128.load(bounds)), f64x2.gt(a1, v128.load(bounds, 16)));
  const high = v128.or(f64x2.gt(a2, v128.load(bounds, 32)), f64x2.gt(a3, v128.load(bounds, 48)));
  return v128.any_true(v128.or(low, high));
}

/** One categorical coordinate of two candidates: their code at `codes`, what they get unless it is `own` at `misses`. */
@inline
function choose(log: v128, own: v128, match: v128, codes: usize, misses: usize): v128 {
  return f64x2.add(log, v128.bitselect(match, v128.load(misses), f64x2.eq(own, v128.load(codes))));
}

/** One coordinate of two candidates, all of which have it. */
@inline
function fall(log: v128, units: usize, mean: v128, scale: v128): v128 {
  const distance = f64x2.mul(f64x2.sub(v128.load(units), mean), scale);
  return f64x2.sub(log, f64x2.mul(distance, distance));
}

/** One coordinate of two candidates; those without it, whose unit is NaN, stay as they are. */
@inline
function fallWhere(log: v128, units: usize, mean: v128, scale: v128, norm: v128): v128 {
  const unit = v128.load(units);
  const distance = f64x2.mul(f64x2.sub(unit, mean), scale);
  const change = f64x2.sub(norm, f64x2.mul(distance, distance));
  return f64x2.add(log, v128.and(change, f64x2.eq(unit, unit)));
}

/** Adds a kernel to the sums of two candidates; answers whether a maximum has changed. */
@inline
function addTerm(log: v128, weight: v128, maxima: usize, bounds: usize, sums: usize): bool {
  const counts = f64x2.gt(log, v128.load(bounds));
  if (!v128.any_true(counts)) return false;
  const before = v128.load(maxima);
  const maximum = f64x2.pmax(before, log);
  const isHigher = v128.any_true(f64x2.gt(log, before));
  let sum = v128.load(sums);
  if (isHigher) {
    sum = f64x2.mul(sum, expNegative(f64x2.sub(before, maximum)));
    v128.store(maxima, maximum);
    v128.store(bounds, f64x2.sub(maximum, f64x2.splat(NEGLIGIBLE)));
  }
  const term = f64x2.mul(weight, expNegative(f64x2.sub(log, maximum)));
  v128.store(sums, f64x2.add(sum, v128.and(term, counts)));
  return isHigher;
}

/**
 * product-mixture.ts, logDensitiesPlain: adds `rows` kernels to the sums of `lanes` candidates. `columns` and `choices` list what all candidates share and what
 * differs: i32 positions within a row, the shared ones first. `shared` has a number for each shared column and three for each shared choice (code,
 * match, miss); `units` a row of lanes for each column that differs; `codes` and `misses` a row of lanes for each choice that differs, `matches` one number.
 */
export function addKernels(
  rows: i32,
  pairs: usize,
  norms: usize,
  rowLogs: usize,
  weights: usize,
  rowCodes: usize,
  width: i32,
  choiceWidth: i32,
  hasGaps: bool,
  columns: usize,
  sharedColumns: i32,
  columnCount: i32,
  choices: usize,
  sharedChoices: i32,
  choiceCount: i32,
  shared: usize,
  units: usize,
  codes: usize,
  misses: usize,
  matches: usize,
  slack: f64,
  lanes: i32,
  maxima: usize,
  bounds: usize,
  sums: usize,
): void {
  const line = <usize>lanes << 3;
  let lowest = least(bounds, lanes);
  for (let row = 0; row < rows; row++) {
    const rowLog = load<f64>(rowLogs + (<usize>row << 3));
    if (rowLog === -Infinity) continue;
    const rowPairs = pairs + ((<usize>row * <usize>width) << 4);
    const rowNorms = norms + ((<usize>row * <usize>width) << 3);
    const ownCodes = rowCodes + ((<usize>row * <usize>choiceWidth) << 1);
    let base: f64 = hasGaps ? 0 : rowLog;
    let constants = shared;
    for (let i = 0; i < sharedColumns; i++, constants += 8) {
      const at = <usize>load<i32>(columns + (<usize>i << 2));
      const pair = rowPairs + (at << 4);
      const distance = (load<f64>(constants) - load<f64>(pair)) * load<f64>(pair, 8);
      if (hasGaps) base += load<f64>(rowNorms + (at << 3)) - distance * distance;
      else base -= distance * distance;
    }
    for (let i = 0; i < sharedChoices; i++, constants += 24) {
      const own = <f64>load<i16>(ownCodes + (<usize>load<i32>(choices + (<usize>i << 2)) << 1));
      if (own !== 0) base += own === load<f64>(constants) ? load<f64>(constants, 8) : load<f64>(constants, 16);
    }
    if (!hasGaps && base + slack <= lowest) continue;
    const weight = v128.load64_splat(weights + (<usize>row << 3));
    let isHigher = false;
    for (let block = 0; block < lanes; block += BLOCK) {
      const offset = <usize>block << 3;
      let a0 = f64x2.splat(base);
      let a1 = a0;
      let a2 = a0;
      let a3 = a0;
      let candidates = offset;
      for (let i = sharedChoices; i < choiceCount; i++, candidates += line) {
        const own = load<i16>(ownCodes + (<usize>load<i32>(choices + (<usize>i << 2)) << 1));
        if (own === 0) continue;
        const wanted = f64x2.splat(<f64>own);
        const match = v128.load64_splat(matches + (<usize>(i - sharedChoices) << 3));
        a0 = choose(a0, wanted, match, codes + candidates, misses + candidates);
        a1 = choose(a1, wanted, match, codes + candidates + 16, misses + candidates + 16);
        a2 = choose(a2, wanted, match, codes + candidates + 32, misses + candidates + 32);
        a3 = choose(a3, wanted, match, codes + candidates + 48, misses + candidates + 48);
      }
      let place = units + offset;
      let isNear = true;
      for (let i = sharedColumns; i < columnCount; i++, place += line) {
        const at = <usize>load<i32>(columns + (<usize>i << 2));
        const mean = v128.load64_splat(rowPairs + (at << 4));
        const scale = v128.load64_splat(rowPairs + (at << 4), 8);
        if (hasGaps) {
          const norm = v128.load64_splat(rowNorms + (at << 3));
          a0 = fallWhere(a0, place, mean, scale, norm);
          a1 = fallWhere(a1, place + 16, mean, scale, norm);
          a2 = fallWhere(a2, place + 32, mean, scale, norm);
          a3 = fallWhere(a3, place + 48, mean, scale, norm);
        } else {
          a0 = fall(a0, place, mean, scale);
          a1 = fall(a1, place + 16, mean, scale);
          a2 = fall(a2, place + 32, mean, scale);
          a3 = fall(a3, place + 48, mean, scale);
          // What follows only lowers them.
          isNear = isAbove(a0, a1, a2, a3, bounds + offset);
          if (!isNear) break;
        }
      }
      if (!isNear) continue;
      isHigher = addTerm(a0, weight, maxima + offset, bounds + offset, sums + offset) || isHigher;
      isHigher = addTerm(a1, weight, maxima + offset + 16, bounds + offset + 16, sums + offset + 16) || isHigher;
      isHigher = addTerm(a2, weight, maxima + offset + 32, bounds + offset + 32, sums + offset + 32) || isHigher;
      isHigher = addTerm(a3, weight, maxima + offset + 48, bounds + offset + 48, sums + offset + 48) || isHigher;
    }
    if (isHigher) lowest = least(bounds, lanes);
  }
}

/**
 * product-mixture-plain.ts, logLinePlain: adds `rows` kernels of one coordinate to the sums of `lanes` values. `kernels` has mean, scale, log-normaliser and
 * weight of each; `top` is at least every normaliser, and what stays below `bound` changes nothing.
 */
export function addLine(rows: i32, kernels: usize, top: f64, bound: f64, units: usize, lanes: i32, sums: usize): void {
  const bounds = f64x2.splat(bound);
  const end = units + (<usize>lanes << 3);
  for (let row = 0; row < rows; row++, kernels += 32) {
    const mean = v128.load64_splat(kernels);
    const scale = v128.load64_splat(kernels, 8);
    const base = f64x2.splat(load<f64>(kernels, 16) - top);
    const weight = v128.load64_splat(kernels, 24);
    let own = sums;
    for (let place = units; place < end; place += 16, own += 16) {
      const log = fall(base, place, mean, scale);
      if (!v128.any_true(f64x2.gt(log, bounds))) continue;
      v128.store(own, f64x2.add(v128.load(own), f64x2.mul(weight, expNegative(log))));
    }
  }
}
