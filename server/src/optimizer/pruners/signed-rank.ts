import { upperTail } from "../numerics/normal-tail.ts";

/** Up to this many pairs the null distribution is counted, beyond it is normal to three digits. */
const COUNTED = 50;

/**
 * Wilcoxon's signed-rank test (Biometrics Bulletin 1, 1945), one-sided: how likely a sum of the ranks of the positive
 * differences at least as large as this one is if their median is 0. Equal sizes share a rank, and differences of zero
 * give half of theirs to either side (Pratt's ranks, split). No NaN.
 */
export function signedRankTest(differences: readonly number[]): number {
  const sizes = differences.map(Math.abs);
  const order = sizes.map((_, index) => index).sort((a, b) => sizes[a]! - sizes[b]!);
  // Twice the ranks, which are whole numbers even when shared.
  const ranks = new Float64Array(sizes.length);
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && sizes[order[end]!] === sizes[order[start]!]) end++;
    for (let at = start; at < end; at++) ranks[order[at]!] = start + end + 1;
    start = end;
  }
  const moving: number[] = [];
  let sum = 0;
  differences.forEach((difference, index) => {
    if (difference === 0) return;
    moving.push(ranks[index]!);
    if (difference > 0) sum += ranks[index]!;
  });
  if (moving.length === 0) return 1;
  return moving.length <= COUNTED ? exactTail(moving, sum) : normalTail(moving, sum);
}

/** Share of the 2^n choices of signs whose positive ranks add up to at least `sum`. */
function exactTail(ranks: readonly number[], sum: number): number {
  const total = ranks.reduce((a, b) => a + b, 0);
  const shares = new Float64Array(total + 1);
  shares[0] = 1;
  let reach = 0;
  for (const rank of ranks) {
    reach += rank;
    for (let at = reach; at >= 0; at--)
      shares[at] = 0.5 * (shares[at]! + (at >= rank ? shares[at - rank]! : 0));
  }
  let tail = 0;
  for (let at = total; at >= sum; at--) tail += shares[at]!;
  return Math.min(1, tail);
}

/** The same by the normal distribution with the same mean and variance, and half a step for continuity. */
function normalTail(ranks: readonly number[], sum: number): number {
  const mean = ranks.reduce((a, b) => a + b, 0) / 2;
  const deviation = Math.sqrt(ranks.reduce((a, b) => a + b * b, 0)) / 2;
  const z = (sum - 1 - mean) / deviation; // ranks are doubled, and so is half a step
  return z >= 0 ? upperTail(z) : 1 - upperTail(-z);
}
