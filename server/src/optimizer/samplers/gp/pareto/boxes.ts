/**
 * The losses that a new point needs to add hypervolume, cut into boxes: those below the reference that no row of a front dominates.
 * Bounds are given as indices into the sorted `levels` of their loss; −1 stands for no lower bound.
 */
export interface Boxes {
  /** By loss: the distinct bounds, ascending, the reference last. */
  readonly levels: readonly Float64Array[];
  readonly count: number;
  /** By box and loss, row-major. */
  readonly lower: Int32Array;
  readonly upper: Int32Array;
}

type Row = readonly number[];

/** For two or three losses, all to be small. Rows that do not lie below the reference add nothing. */
export function boxesBeyond(front: readonly Row[], reference: Row): Boxes {
  const width = reference.length;
  const inside = front.filter((row) => row.every((value, j) => value < reference[j]!));
  // Two losses are three of which the third is the same everywhere.
  const rows = inside.map((row): Row => (width === 2 ? [...row, 0] : row));
  const start = width === 2 ? 0 : -Infinity;
  const found = sweep(rows, start, [reference[0]!, reference[1]!, reference[2] ?? 1]);
  const levels = reference.map((last, j) => {
    const below = inside.map((row) => row[j]!).sort((a, b) => a - b);
    return Float64Array.from(new Set([...below, last]));
  });
  const places = levels.map((values) => new Map(Array.from(values, (value, at) => [value, at])));
  const indices = (bounds: "lower" | "upper"): Int32Array =>
    Int32Array.from(found.flatMap((box) => levels.map((_, j) => places[j]!.get(box[bounds][j]!) ?? -1)));
  return { levels, count: found.length, lower: indices("lower"), upper: indices("upper") };
}

interface Box {
  readonly lower: Row;
  readonly upper: Row;
}

/** A part of the plane of the first two losses that was free of dominated points ever since the third was `since`. */
interface Stripe {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly since: number;
}

/**
 * Follows the third loss upwards: the plane below the staircase of the rows passed is kept in stripes, and each row ends those that it
 * cuts. At most twice as many boxes as rows and one (as few as Lacour, Klamroth and Fonseca's, Computers & OR 79, 2017).
 */
function sweep(
  rows: readonly Row[],
  start: number,
  [right, top, end]: readonly [number, number, number],
): Box[] {
  const boxes: Box[] = [];
  let stripes: Stripe[] = [{ left: -Infinity, right, top, since: start }];
  const close = (stripe: Stripe, z: number): void => {
    if (z > stripe.since) {
      boxes.push({ lower: [stripe.left, -Infinity, stripe.since], upper: [stripe.right, stripe.top, z] });
    }
  };
  for (const row of rows.toSorted((a, b) => a[2]! - b[2]!)) {
    const [x, y, z] = [row[0]!, row[1]!, row[2]!];
    const isCut = (stripe: Stripe): boolean => stripe.right > x && stripe.top > y;
    const cut = stripes.filter(isCut);
    const [first, last] = [cut[0], cut[cut.length - 1]];
    if (first === undefined || last === undefined) continue;
    for (const stripe of cut) close(stripe, z);
    const kept = first.left < x ? [{ ...first, right: x, since: z }] : [];
    const lowered = { left: Math.max(x, first.left), right: last.right, top: y, since: z };
    const at = stripes.indexOf(first);
    stripes = [...stripes.slice(0, at), ...kept, lowered, ...stripes.slice(at + cut.length)];
  }
  for (const stripe of stripes) close(stripe, end);
  return boxes;
}
