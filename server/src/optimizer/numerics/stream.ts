/**
 * Random numbers as a function of keys. A stream is named by a seed and any number of keys; the same name gives the
 * same numbers on every machine and in any order of creation, so concurrent asks need no shared generator.
 */
export interface Stream {
  /** Next number, uniform on [0, 1) with 53 random bits. */
  uniform(): number;
  /** Next standard normal number. */
  normal(): number;
  /** Next whole number, uniform on 0 … n − 1; n from 1 to 2^53. */
  integer(n: number): number;
  /** The stream whose name is this one's name plus `keys`; does not depend on what was drawn from this one. */
  fork(...keys: readonly (number | string)[]): Stream;
}

export function createStream(seed: number, ...keys: readonly (number | string)[]): Stream {
  return streamOf([seed, ...keys]);
}

function streamOf(name: readonly (number | string)[]): Stream {
  // Many streams are there to be forked only.
  let next: (() => number) | undefined;
  const uniform = (): number => {
    next ??= createGenerator(hashName(name));
    const high = next() >>> 5;
    return (high * 0x4000000 + (next() >>> 6)) / 0x20000000000000;
  };
  return {
    uniform,
    normal() {
      // Box–Muller; the second number is thrown away so that a draw has no memory. 1 − u keeps the logarithm finite.
      const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
      return radius * Math.cos(2 * Math.PI * uniform());
    },
    integer(n) {
      return Math.min(n - 1, Math.floor(uniform() * n));
    },
    fork(...keys) {
      return streamOf([...name, ...keys]);
    },
  };
}

/** Scratch of hashName, whose result is read before the next call. */
const number = new Float64Array(1);
const words = new Uint32Array(number.buffer);
const state = new Uint32Array(4);
const START = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344]; // digits of pi

/** Four 32-bit words from the name: each key is tagged with its type and length, so that no two names run together. */
function hashName(name: readonly (number | string)[]): Uint32Array {
  state.set(START);
  for (const key of name) {
    if (typeof key === "number") {
      number[0] = key === 0 ? 0 : key; // −0 names the same stream as 0
      absorb(1);
      absorb(words[0]!);
      absorb(words[1]!);
    } else {
      absorb(2);
      absorb(key.length);
      for (let i = 0; i < key.length; i++) absorb(key.charCodeAt(i));
    }
  }
  for (let round = 0; round < 4; round++) absorb(0);
  return state;
}

/** One word into the state: multiply-and-rotate mixing in the manner of MurmurHash3's 128-bit variant for 32-bit words. */
function absorb(word: number): void {
  let carry = word | 0;
  for (let i = 0; i < 4; i++) {
    const mixed = finalize(state[i]! ^ Math.imul(carry, 0xcc9e2d51) ^ Math.imul(i + 1, 0x9e3779b9));
    state[i] = mixed;
    carry = (mixed << 15) | (mixed >>> 17);
  }
  state[0] = state[0]! ^ carry;
}

/** MurmurHash3's 32-bit finaliser: a bijection in which every input bit reaches every output bit. */
function finalize(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** xoshiro128** 1.1 (Blackman and Vigna, arXiv:1805.01407): 32 bits a call. */
function createGenerator(state: Uint32Array): () => number {
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  if ((a | b | c | d) === 0) a = 1; // the all-zero state is a fixed point
  return () => {
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result >>> 0;
  };
}
