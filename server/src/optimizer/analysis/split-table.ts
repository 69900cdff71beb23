/** A function over two coordinates as the sum of its mean, what each coordinate adds by itself, and the rest. */
export interface SplitTable {
  readonly mean: number;
  readonly rows: Float64Array;
  readonly columns: Float64Array;
  /** Row-major; averages to 0 along each row and column. */
  readonly rest: Float64Array;
  /** Of the rest. */
  readonly variance: number;
}

/**
 * Two-way analysis of variance of a row-major table.
 *
 * @param tall - the rows' probabilities, which add up to 1
 * @param wide - the columns'
 */
export function splitTable(table: Float64Array, tall: Float64Array, wide: Float64Array): SplitTable {
  const width = wide.length;
  const rows = new Float64Array(tall.length);
  const columns = new Float64Array(width);
  let mean = 0;
  for (let i = 0; i < tall.length; i++) {
    for (let j = 0; j < width; j++) {
      const value = table[i * width + j]!;
      rows[i]! += value * wide[j]!;
      columns[j]! += value * tall[i]!;
    }
    mean += rows[i]! * tall[i]!;
  }
  for (let i = 0; i < rows.length; i++) rows[i]! -= mean;
  for (let j = 0; j < width; j++) columns[j]! -= mean;
  let variance = 0;
  const rest = table.map((value, at) => {
    const [i, j] = [Math.floor(at / width), at % width];
    const left = value - mean - rows[i]! - columns[j]!;
    variance += left ** 2 * tall[i]! * wide[j]!;
    return left;
  });
  return { mean, rows, columns, rest, variance };
}
