/** Trials at one step, ranked by how many others dominate each. */
export interface DominationRanking {
  /** Enters a trial once, with values to be minimised, one an objective; a repeat changes nothing. */
  add(number: number, vector: readonly number[]): void;
  /** How a trial that was entered with this vector stands. */
  place(number: number, vector: readonly number[]): Place;
}

export interface Place {
  /** Others that dominate it: none worse in any objective, and better in one. 0 whenever that is so of all others. */
  readonly dominating: number;
  /** Others that fewer trials dominate. */
  readonly better: number;
  readonly others: number;
}

/**
 * So many trials are compared with each other; of more, a sample stands for all, which bounds the price of a report. The
 * standard error of a share is then about two percent of all trials.
 */
const MOST = 512;

/** @param depth - number of objectives */
export function createDominationRanking(depth: number): DominationRanking {
  const entered = new Set<number>();
  /** The sample: those with the smallest keys, so that it depends on who was entered and not in which order. */
  const numbers: number[] = [];
  const keys: number[] = [];
  const vectors: number[] = [];
  const counts: number[] = [];

  const drop = (index: number): void => {
    const gone = vectors.slice(index * depth, (index + 1) * depth);
    const last = numbers.length - 1;
    numbers[index] = numbers[last]!;
    keys[index] = keys[last]!;
    counts[index] = counts[last]!;
    for (let k = 0; k < depth; k++) vectors[index * depth + k] = vectors[last * depth + k]!;
    for (const list of [numbers, keys, counts]) list.pop();
    vectors.length -= depth;
    for (let other = 0; other < counts.length; other++)
      if (compare(vectors, other * depth, gone) > 0) counts[other]!--;
  };
  return {
    add(number, vector) {
      if (entered.has(number)) return;
      entered.add(number);
      const key = keyOf(number);
      const highest = numbers.length < MOST ? -1 : indexOfHighest(keys);
      if (highest >= 0 && key > keys[highest]!) return;
      if (highest >= 0) drop(highest);
      let own = 0;
      for (let other = 0; other < counts.length; other++) {
        const relation = compare(vectors, other * depth, vector);
        if (relation < 0) own++;
        else if (relation > 0) counts[other]!++;
      }
      numbers.push(number);
      keys.push(key);
      vectors.push(...vector);
      counts.push(own);
    },
    place(number, vector) {
      let dominating = 0;
      for (let other = 0; other < counts.length; other++)
        if (compare(vectors, other * depth, vector) < 0) dominating++;
      let better = 0;
      for (const count of counts) if (count < dominating) better++;
      const others = entered.size - 1;
      const compared = counts.length - (numbers.includes(number) ? 1 : 0);
      const scale = others === compared ? 1 : others / compared;
      return { dominating: Math.round(dominating * scale), better: Math.round(better * scale), others };
    },
  };
}

/** A number's place in a fixed random order: MurmurHash3's finaliser, which gives no two numbers the same. */
function keyOf(number: number): number {
  let h = Math.imul(number ^ (number >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function indexOfHighest(keys: readonly number[]): number {
  let highest = 0;
  for (let at = 1; at < keys.length; at++) if (keys[at]! > keys[highest]!) highest = at;
  return highest;
}

/** −1: the row at `from` dominates the vector; 1: the vector dominates the row; 0: neither. */
function compare(rows: readonly number[], from: number, vector: readonly number[]): -1 | 0 | 1 {
  let [rowBetter, vectorBetter] = [false, false];
  for (let k = 0; k < vector.length; k++) {
    if (rows[from + k]! < vector[k]!) rowBetter = true;
    else if (rows[from + k]! > vector[k]!) vectorBetter = true;
  }
  if (rowBetter === vectorBetter) return 0;
  return rowBetter ? -1 : 1;
}
