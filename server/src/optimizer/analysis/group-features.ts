import type { Dimension } from "../space/dimension.ts";
import { createBasis } from "./features.ts";

export interface Group {
  /** One dimension, or two that interact. */
  readonly dimensions: readonly number[];
  readonly start: number;
  readonly size: number;
}

/** What a regression sees of a point: functions of single coordinates, and products for pairs. */
export interface GroupFeatures {
  readonly groups: readonly Group[];
  /** Of all groups together. */
  readonly length: number;
  /** Writes the features of a point, in the order of the groups. */
  write(point: ArrayLike<number>, into: Float64Array): void;
}

const DEGREE = 5;
const PAIR_DEGREE = 2;
/** Spaces of many parameters get functions of lower degree, so that the fit stays well under a second. */
const MOST_FUNCTIONS = 160;

/** @param sets - the dimensions of each group: one, or two that interact */
export function createGroupFeatures(
  dimensions: readonly Dimension[],
  sets: readonly (readonly number[])[],
): GroupFeatures {
  const groups: Group[] = [];
  const writers: ((point: ArrayLike<number>, into: Float64Array) => void)[] = [];
  let length = 0;
  const degree = Math.max(1, Math.min(DEGREE, Math.floor(MOST_FUNCTIONS / dimensions.length)));
  for (const set of sets) {
    const bases = set.map((index) => createBasis(dimensions[index]!, set.length > 1 ? PAIR_DEGREE : degree));
    const size = bases.reduce((product, basis) => product * basis.size, 1);
    const start = length;
    groups.push({ dimensions: set, start, size });
    length += size;
    writers.push((point, into) => {
      const [one, other] = bases;
      if (other === undefined) return one!.write(point[set[0]!]!, into, start);
      const left = new Float64Array(one!.size);
      const right = new Float64Array(other.size);
      one!.write(point[set[0]!]!, left, 0);
      other.write(point[set[1]!]!, right, 0);
      for (let i = 0; i < left.length; i++)
        for (let j = 0; j < right.length; j++) into[start + i * right.length + j] = left[i]! * right[j]!;
    });
  }
  return {
    groups,
    length,
    write(point, into) {
      for (const write of writers) write(point, into);
    },
  };
}
