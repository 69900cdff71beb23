import type { Dimension } from "../space/dimension.ts";
import { type Basis, createBasis } from "./features.ts";

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
/** Categoricals with more choices than this would outnumber the trials; they are common enough to allow many. */
const MOST_CHOICES = 64;
/** Functions of all groups together: the price of a fit grows with their cube, and everybody's analyses wait for it. */
const MOST_COEFFICIENTS = 320;

/** @param sets - the dimensions of each group: one, or two that interact */
export function createGroupFeatures(
  dimensions: readonly Dimension[],
  sets: readonly (readonly number[])[],
): GroupFeatures {
  const groups: Group[] = [];
  const writers: ((point: ArrayLike<number>, into: Float64Array) => void)[] = [];
  let length = 0;
  const basesOf = createBases(dimensions);
  for (const set of sets) {
    const bases = basesOf(set);
    const size = sizeOf(bases);
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

/** The first of the pairs for whose functions there is room beside those of the single dimensions. */
export function pairsWithRoom<Pair extends readonly number[]>(
  dimensions: readonly Dimension[],
  pairs: readonly Pair[],
): Pair[] {
  const basesOf = createBases(dimensions);
  let room = MOST_COEFFICIENTS - dimensions.reduce((sum, _, index) => sum + sizeOf(basesOf([index])), 0);
  return pairs.filter((pair) => {
    const size = sizeOf(basesOf(pair));
    if (size > room) return false;
    room -= size;
    return true;
  });
}

/** The functions of each coordinate of a set; of fewer choices, where single dimensions alone would have too many. */
function createBases(dimensions: readonly Dimension[]): (set: readonly number[]) => Basis[] {
  const degree = Math.max(1, Math.min(DEGREE, Math.floor(MOST_FUNCTIONS / dimensions.length)));
  const sizeWith = (most: number): number =>
    dimensions.reduce((sum, dimension) => sum + createBasis(dimension, degree, most).size, 0);
  let choices = MOST_CHOICES;
  while (choices > 1 && sizeWith(choices) > MOST_COEFFICIENTS) choices--;
  return (set) =>
    set.map((index) => createBasis(dimensions[index]!, set.length > 1 ? PAIR_DEGREE : degree, choices));
}

const sizeOf = (bases: readonly Basis[]): number => bases.reduce((product, { size }) => product * size, 1);
