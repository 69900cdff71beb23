/**
 * The front of each row: 0 where no row dominates it, 1 where only rows of front 0 do, and so on. All losses are to be small, none is
 * NaN; equal rows share a front. Efficient non-dominated sort with binary search (Zhang et al., IEEE TEC 19, 2015).
 */
export function frontsOf(rows: readonly (readonly number[])[]): Int32Array {
  const order = rows.map((_, row) => row).sort((a, b) => lexicographic(rows[a]!, rows[b]!) || a - b);
  const fronts: number[][] = [];
  const frontOf = new Int32Array(rows.length);
  for (const row of order) {
    // Whoever is dominated in a front is dominated in all before it; nothing is dominated by what comes later in the order.
    let low = 0;
    for (let high = fronts.length; low < high;) {
      const middle = (low + high) >>> 1;
      if (fronts[middle]!.findLast((other) => isDominated(rows[row]!, rows[other]!)) === undefined)
        high = middle;
      else low = middle + 1;
    }
    frontOf[row] = low;
    const front = fronts[low];
    if (front === undefined) fronts.push([row]);
    else front.push(row);
  }
  return frontOf;
}

function lexicographic(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! < b[i]! ? -1 : 1;
  return 0;
}

/** Whether `other`, which comes first in lexicographic order, is nowhere worse and somewhere better. */
function isDominated(row: readonly number[], other: readonly number[]): boolean {
  let differs = false;
  for (let i = 0; i < row.length; i++) {
    if (other[i]! > row[i]!) return false;
    differs ||= other[i] !== row[i];
  }
  return differs;
}
