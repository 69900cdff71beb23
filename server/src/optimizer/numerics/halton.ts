import { createStream } from "./stream.ts";

/** The first `count` primes. */
function primes(count: number): number[] {
  const found: number[] = [];
  for (let candidate = 2; found.length < count; candidate++) {
    if (found.every((prime) => candidate % prime !== 0)) found.push(candidate);
  }
  return found;
}

/**
 * Halton's sequence with every digit permuted at random (Owen, arXiv:1706.02808): points of [0, 1)^dimensions whose
 * coordinates are the digits of the index in the k-th prime base, mirrored at the point. A function of the seed and the index.
 */
export function createHalton(dimensions: number, seed: number): (index: number) => Float64Array {
  const bases = primes(dimensions).map((base, dimension) => {
    // As many digits as a double tells apart; beyond the index's own the permuted zeros remain.
    const digits = Math.ceil(53 / Math.log2(base));
    const tables = Array.from({ length: digits }, (_, digit) => permutation(base, seed, dimension, digit));
    return { base, tables };
  });
  return (index) =>
    Float64Array.from(bases, ({ base, tables }) => {
      let rest = index;
      let unit = 0;
      let place = 1 / base;
      for (const table of tables) {
        unit += table[rest % base]! * place;
        rest = Math.floor(rest / base);
        place /= base;
      }
      return Math.min(unit, 1 - 2 ** -53);
    });
}

function permutation(base: number, seed: number, dimension: number, digit: number): Int32Array {
  const stream = createStream(seed, "halton", dimension, digit);
  const table = Int32Array.from({ length: base }, (_, i) => i);
  for (let i = base - 1; i > 0; i--) {
    const j = stream.integer(i + 1);
    const held = table[i]!;
    table[i] = table[j]!;
    table[j] = held;
  }
  return table;
}
