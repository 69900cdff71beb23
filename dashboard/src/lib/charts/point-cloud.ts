import { COMPLETED, FAILED, INFEASIBLE, PRUNED, type TrialColumns } from "../data/trial-columns.ts";

/** What a scatter of trials draws: one entry a point, in drawing order. */
export interface PointCloud {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly state: Uint8Array;
  /** The trial of each point. */
  readonly row: Uint32Array;
  /** How many ended trials have no place in the plane: failed, or with a value that is no number. */
  readonly missing: number;
}

/**
 * The trials with a value of one objective, each at a place along x.
 * @param place the trial's x; NaN leaves it out
 * @param wanted which states to draw
 */
export function createPointCloud(
  columns: TrialColumns,
  objective: number,
  place: (row: number) => number,
  wanted: ReadonlySet<number> = drawn,
): PointCloud {
  const values = columns.values[objective] ?? new Float64Array(columns.length).fill(NaN);
  const n = columns.length;
  const rows = new Uint32Array(n);
  let count = 0;
  let missing = 0;
  // Completed trials last, so that they lie on top of the pruned ones.
  for (const top of [false, true]) {
    for (let row = 0; row < n; row++) {
      const state = columns.state[row]!;
      if ((state === COMPLETED) !== top) continue;
      if (Number.isFinite(values[row]!) && !Number.isNaN(place(row))) {
        if (wanted.has(state)) rows[count++] = row;
      } else if (state >= COMPLETED) missing += 1;
    }
  }
  const row = rows.slice(0, count);
  return {
    x: Float64Array.from(row, place),
    y: Float64Array.from(row, (r) => values[r]!),
    state: Uint8Array.from(row, (r) => columns.state[r]!),
    row,
    missing,
  };
}

const drawn: ReadonlySet<number> = new Set([COMPLETED, PRUNED, FAILED, INFEASIBLE]);

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
