/**
 * The loss that a target stands for, which undoes warpLosses: straight lines between the results, on beyond the best one as the better half
 * goes, and no worse than the worst. Losses of Infinity, which stand for none, are left out; undefined when no others are there.
 */
export function createUnwarp(
  losses: Float64Array,
  targets: Float64Array,
): ((target: number) => number) | undefined {
  const known = Array.from(losses, (loss, i) => ({ loss, target: targets[i]! }))
    .filter(({ loss }) => Number.isFinite(loss))
    .sort((a, b) => a.target - b.target || a.loss - b.loss);
  const [best] = known;
  if (best === undefined) return undefined;
  const middle = known[(known.length - 1) >> 1]!;
  const slope = middle.target > best.target ? (middle.loss - best.loss) / (middle.target - best.target) : 0;
  return (target) => {
    if (target <= best.target) return best.loss + slope * (target - best.target);
    let low = 0;
    for (let high = known.length; high - low > 1;) {
      const at = (low + high) >>> 1;
      if (known[at]!.target <= target) low = at;
      else high = at;
    }
    const [left, right] = [known[low]!, known[low + 1]];
    if (right === undefined) return left.loss;
    const share = (target - left.target) / (right.target - left.target);
    return left.loss + share * (right.loss - left.loss);
  };
}
