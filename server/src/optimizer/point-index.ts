import type { Point } from "./space/point.ts";

/** Finds how many trials lie at a point: a hash table over rows that live elsewhere, 12 bytes a trial. */
export interface PointIndex {
  readonly bytes: number;
  /** Enters the next row. */
  push(): void;
  /** Takes out the newest row; the row must still be readable. */
  pop(): void;
  /** Lets a row be written anew, by `write`. */
  change(row: number, write: () => void): void;
  /** Counted up to `most`: many trials may be at one point. */
  count(point: Point, most?: number): number;
}

/** Chained buckets, the newest row first, so that taking it out is a single step. */
export function createPointIndex(rowAt: (row: number) => Point): PointIndex {
  let heads = new Int32Array(32).fill(-1);
  let next = new Int32Array(16);
  let size = 0;
  const bucketOf = (row: number): number => hash(rowAt(row)) & (heads.length - 1);
  const link = (row: number): void => {
    const bucket = bucketOf(row);
    next[row] = heads[bucket]!;
    heads[bucket] = row;
  };
  /** Makes `to` follow `row` in a bucket, or head it for a row that is none. */
  const point = (bucket: number, row: number, to: number): void => {
    if (row < 0) heads[bucket] = to;
    else next[row] = to;
  };
  /** The oldest row of a bucket that is newer than `row`; −1 if there is none. */
  const newerThan = (bucket: number, row: number): number => {
    let newer = -1;
    for (let other = heads[bucket]!; other > row; other = next[other]!) newer = other;
    return newer;
  };
  return {
    get bytes() {
      return heads.byteLength + next.byteLength;
    },
    push() {
      if (size === next.length) {
        const longer = new Int32Array(next.length * 2);
        longer.set(next);
        next = longer;
        heads = new Int32Array(heads.length * 2).fill(-1);
        for (let row = 0; row < size; row++) link(row);
      }
      link(size++);
    },
    pop() {
      size--;
      heads[bucketOf(size)] = next[size]!;
    },
    change(row, write) {
      const before = bucketOf(row);
      point(before, newerThan(before, row), next[row]!);
      write();
      const after = bucketOf(row);
      const newer = newerThan(after, row);
      next[row] = newer < 0 ? heads[after]! : next[newer]!;
      point(after, newer, row);
    },
    count(point, most = Infinity) {
      let count = 0;
      for (let row = heads[hash(point) & (heads.length - 1)]!; row >= 0 && count < most; row = next[row]!) {
        if (isSame(rowAt(row), point)) count++;
      }
      return count;
    },
  };
}

const number = new Float64Array(1);
const words = new Int32Array(number.buffer);

function hash(point: Point): number {
  let h = 0;
  for (let i = 0; i < point.length; i++) {
    number[0] = Number.isNaN(point[i]!) ? -1 : point[i]!; // one bit pattern for all NaNs
    h = Math.imul(h ^ words[0]!, 0x85ebca6b);
    h = Math.imul((h ^ (h >>> 13)) + words[1]!, 0xc2b2ae35);
    h ^= h >>> 16;
  }
  return h >>> 0;
}

function isSame(a: Point, b: Point): boolean {
  for (let i = 0; i < b.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}
