import { DIRECTIONS } from "./sobol-directions.ts";
import { createStream } from "./stream.ts";

/** More dimensions than the table has are refused. */
export const MAX_SOBOL_DIMENSIONS = 256;

const BITS = 32;

/** Per dimension, the BITS direction numbers, the highest bit first. */
let directions: readonly Uint32Array[] | undefined;

function allDirections(): readonly Uint32Array[] {
  if (directions !== undefined) return directions;
  const first = Uint32Array.from({ length: BITS }, (_, bit) => 2 ** (BITS - 1 - bit));
  const rows = DIRECTIONS.trim().split(/[,\n]/);
  directions = [first, ...rows.map((row) => expand(row.split(" ").map(Number)))];
  return directions;
}

/** The recurrence of the polynomial from the initial numbers (Bratley and Fox, ACM TOMS 14, 1988). */
function expand([polynomial = 1, ...initial]: readonly number[]): Uint32Array {
  const degree = initial.length;
  const numbers = new Uint32Array(BITS);
  for (let bit = 0; bit < BITS; bit++) {
    if (bit < degree) {
      numbers[bit] = initial[bit]! << (BITS - 1 - bit);
      continue;
    }
    let next = numbers[bit - degree]! ^ (numbers[bit - degree]! >>> degree);
    for (let k = 1; k < degree; k++) {
      if (((polynomial >>> (degree - k)) & 1) === 1) next ^= numbers[bit - k]!;
    }
    numbers[bit] = next;
  }
  return numbers;
}

/** Coordinate of the index-th point in units of 2⁻³², in Gray-code order. */
function coordinate(numbers: Uint32Array, index: number): number {
  let bits = 0;
  for (let gray = index ^ (index >>> 1), bit = 0; gray !== 0; gray >>>= 1, bit++) {
    if ((gray & 1) === 1) bits ^= numbers[bit]!;
  }
  return bits >>> 0;
}

/** Points of Sobol's sequence as they are, on [0, 1): point 0 is the origin. Index below 2³². */
export function createSobol(dimensions: number): (index: number) => Float64Array {
  const table = tableFor(dimensions);
  return (index) => {
    const point = new Float64Array(dimensions);
    for (let k = 0; k < dimensions; k++) point[k] = coordinate(table[k]!, index) / 2 ** BITS;
    return point;
  };
}

/**
 * The sequence with nested uniform scrambling (Owen 1995) by hashing (Laine and Karras 2011; Burley, JCGT 9, 2020): each
 * point is uniform on (0, 1), any 2^k points in a row of aligned index stay a net. A function of the seed and the index.
 */
export function createScrambledSobol(dimensions: number, seed: number): (index: number) => Float64Array {
  const table = tableFor(dimensions);
  const keys = Array.from({ length: dimensions }, (_, dimension) => {
    const stream = createStream(seed, "sobol", dimension);
    return [stream.integer(2 ** 32), stream.integer(2 ** 32)] as const;
  });
  // A loop: thousands of points are made for one suggestion, and `Float64Array.from` takes several times as long.
  return (index) => {
    const point = new Float64Array(dimensions);
    for (let k = 0; k < dimensions; k++) {
      const [key, second] = keys[k]!;
      const bits = reverse(scramble(reverse(coordinate(table[k]!, index)), key, second));
      point[k] = (bits + 0.5) / 2 ** BITS;
    }
    return point;
  };
}

function tableFor(dimensions: number): readonly Uint32Array[] {
  if (dimensions > MAX_SOBOL_DIMENSIONS)
    throw new RangeError(`Sobol has at most ${MAX_SOBOL_DIMENSIONS} dimensions`);
  return allDirections().slice(0, dimensions);
}

function reverse(value: number): number {
  let x = value;
  x = ((x >>> 1) & 0x55555555) | ((x & 0x55555555) << 1);
  x = ((x >>> 2) & 0x33333333) | ((x & 0x33333333) << 2);
  x = ((x >>> 4) & 0x0f0f0f0f) | ((x & 0x0f0f0f0f) << 4);
  x = ((x >>> 8) & 0x00ff00ff) | ((x & 0x00ff00ff) << 8);
  return ((x >>> 16) | (x << 16)) >>> 0;
}

/**
 * A keyed permutation of words in which each bit depends on lower bits only: even factors keep that order. The second key is
 * independent of the first, which would cancel itself in the lowest bits.
 */
function scramble(value: number, key: number, second: number): number {
  let x = (value + key) | 0;
  x ^= Math.imul(x, 0x6c50b47c);
  x ^= Math.imul(x, (key & ~1) ^ 0xb82f1e52);
  x ^= Math.imul(x, 0xc7afe638);
  x = (x + second) | 0;
  x ^= Math.imul(x, 0x8d22f6e6);
  return x >>> 0;
}
