import {
  BREAKING,
  COMPLETED,
  FAILED,
  INFEASIBLE,
  PRUNED,
  markOf,
  type TrialColumns,
} from "../data/trial-columns.ts";
import { type Range, within } from "./scales.ts";

/** What a scatter of trials draws: one entry a point, in drawing order. */
export interface PointCloud {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** How each is marked: its state, or that it breaks constraints. */
  readonly state: Uint8Array;
  /** The trial of each point. */
  readonly row: Uint32Array;
  /** How many ended trials have no place in the plane: failed, or with a value that is no number. */
  readonly missing: number;
}

/**
 * The trials with a value of one objective, each at a place along x.
 * @param place the trial's x; NaN leaves it out
 * @param wanted which marks to draw
 */
export function createPointCloud(
  columns: TrialColumns,
  objective: number,
  place: (row: number) => number,
  wanted: ReadonlySet<number> = drawn,
): PointCloud {
  // Plain loops over plain arrays: each new trial has all of this done again, for 100,000 trials within milliseconds.
  const { length: n, state: states } = columns;
  const values = columns.values[objective] ?? new Float64Array(n).fill(NaN);
  const isWanted = Uint8Array.from({ length: 256 }, (_, mark) => Number(wanted.has(mark)));
  const cloud = {
    x: new Float64Array(n),
    y: new Float64Array(n),
    state: new Uint8Array(n),
    row: new Uint32Array(n),
  };
  let count = 0;
  let missing = 0;
  // Completed trials last, so that they lie on top of the pruned ones.
  for (const top of [false, true]) {
    for (let row = 0; row < n; row++) {
      const state = states[row]!;
      if ((state === COMPLETED) !== top) continue;
      const [x, y] = [place(row), values[row]!];
      const mark = markOf(columns, row);
      if (!Number.isFinite(y) || Number.isNaN(x)) {
        if (state >= COMPLETED) missing += 1;
      } else if (isWanted[mark] === 1) {
        cloud.x[count] = x;
        cloud.y[count] = y;
        cloud.state[count] = mark;
        cloud.row[count++] = row;
      }
    }
  }
  return {
    x: cloud.x.subarray(0, count),
    y: cloud.y.subarray(0, count),
    state: cloud.state.subarray(0, count),
    row: cloud.row.subarray(0, count),
    missing,
  };
}

/** The points whose x lies in a range: what is beyond it has no place at the edge of a zoomed chart. */
export function cloudWithin(cloud: PointCloud, range: Range | undefined): PointCloud {
  if (range === undefined) return cloud;
  const seen = (_: unknown, i: number): boolean => within(cloud.x[i]!, range);
  return {
    x: cloud.x.filter(seen),
    y: cloud.y.filter(seen),
    state: cloud.state.filter(seen),
    row: cloud.row.filter(seen),
    missing: cloud.missing,
  };
}

const drawn: ReadonlySet<number> = new Set([COMPLETED, BREAKING, PRUNED, FAILED, INFEASIBLE]);

/** The entries of a cloud by state, for one path each. */
export function byState(cloud: PointCloud): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (let i = 0; i < cloud.row.length; i++) {
    const group = groups.get(cloud.state[i]!);
    if (group === undefined) groups.set(cloud.state[i]!, [i]);
    else group.push(i);
  }
  return groups;
}
