/** What an objective wants: 1 to be small, −1 to be large. */
export type Goal = 1 | -1;

/**
 * The points that no other point dominates: none is at least as good in every objective and better in one. Equal points are on the
 * front together; points with a NaN never are. With up to three objectives it takes O(n log n), with more O(n · front).
 *
 * @param values - row-major, one row a point and `goals.length` numbers a row; infinities allowed
 * @returns the points' rows, best first by the first objective, equals by the next ones and then by row
 */
export function paretoFront(values: Float64Array, goals: readonly Goal[]): Int32Array {
  const { columns, rows } = sortedColumns(values, goals);
  // A point can be dominated only by one before it, because the order is lexicographic.
  const dominated = dominatedAt(columns, rows.length);
  return rows.filter((_, place) => dominated[place] === 0);
}

/** Objectives to be minimised, a column each, without NaN, in lexicographic order; and which row each place was. */
function sortedColumns(
  values: Float64Array,
  goals: readonly Goal[],
): { columns: Float64Array[]; rows: Int32Array } {
  const width = goals.length;
  const count = width === 0 ? 0 : Math.floor(values.length / width);
  const columns = goals.map((goal, objective) =>
    Float64Array.from({ length: count }, (_, row) => goal * values[row * width + objective]!),
  );
  const rows = Int32Array.from({ length: count }, (_, row) => row)
    .filter((row) => columns.every((column) => !Number.isNaN(column[row])))
    .sort((a, b) => {
      for (let j = 0; j < width; j++) {
        const left = columns[j]![a]!;
        const right = columns[j]![b]!;
        // Not a difference: that of two infinities is NaN.
        if (left !== right) return left < right ? -1 : 1;
      }
      return a - b;
    });
  return { columns: columns.map((column) => Float64Array.from(rows, (row) => column[row]!)), rows };
}

/** For each place 1 if an earlier one dominates it. Equal places follow each other and share their fate. */
function dominatedAt(columns: readonly Float64Array[], count: number): Uint8Array {
  const dominated = new Uint8Array(count);
  const isDominated = archive(columns);
  for (let place = 0; place < count; place++) {
    const repeats = place > 0 && columns.every((column) => column[place] === column[place - 1]);
    dominated[place] = repeats ? dominated[place - 1]! : isDominated(place);
  }
  return dominated;
}

/**
 * Asked about places in turn, tells whether an earlier one is at least as good in each objective. The first is so by the order
 * and needs no look.
 */
function archive([, ...others]: readonly Float64Array[]): (place: number) => 0 | 1 {
  const [second, third] = others;
  if (second === undefined) return (place) => (place === 0 ? 0 : 1);
  if (third === undefined) return smallestSoFar(second);
  return others.length === 2 ? stairs(second, third) : list(others);
}

function smallestSoFar(column: Float64Array): (place: number) => 0 | 1 {
  let smallest: number | undefined;
  return (place) => {
    const value = column[place]!;
    if (smallest !== undefined && smallest <= value) return 1;
    smallest = value;
    return 0;
  };
}

/** A Fenwick tree over the ranks of `second` that holds the smallest `third` up to each rank. */
function stairs(second: Float64Array, third: Float64Array): (place: number) => 0 | 1 {
  const ranked = second.toSorted();
  const tree = new Float64Array(ranked.length + 1).fill(NaN);
  return (place) => {
    const value = third[place]!;
    const rank = upperBound(ranked, second[place]!);
    for (let node = rank; node > 0; node -= node & -node) if (tree[node]! <= value) return 1;
    for (let node = rank; node < tree.length; node += node & -node)
      if (!(tree[node]! <= value)) tree[node] = value;
    return 0;
  };
}

/** How many numbers of an ascending list are at most a value. */
function upperBound(ascending: Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The front so far, looked through from the front; a point that dominates moves forward, since it tends to dominate more. */
function list(columns: readonly Float64Array[]): (place: number) => 0 | 1 {
  const width = columns.length;
  // Row-major: almost every comparison ends at its first numbers, which then share a cache line.
  const points: number[] = [];
  const point = new Float64Array(width);
  return (place) => {
    for (let j = 0; j < width; j++) point[j] = columns[j]![place]!;
    for (let start = 0; start < points.length; start += width) {
      let j = 0;
      while (j < width && points[start + j]! <= point[j]!) j++;
      if (j < width) continue;
      const ahead = width * ((start / width) >> 1);
      for (j = 0; j < width; j++) {
        const moved = points[ahead + j]!;
        points[ahead + j] = points[start + j]!;
        points[start + j] = moved;
      }
      return 1;
    }
    for (let j = 0; j < width; j++) points.push(point[j]!);
    return 0;
  };
}
