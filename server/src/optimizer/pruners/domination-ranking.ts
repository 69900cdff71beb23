/** Trials at one step, ranked by how many others dominate each. */
export interface DominationRanking {
  /** Enters a trial once, with values to be minimised, one an objective; a repeat changes nothing. */
  add(number: number, vector: readonly number[]): void;
  /** How a trial that was entered stands. */
  place(number: number): Place;
}

export interface Place {
  /** Others that dominate it: none worse in any objective, and better in one. */
  readonly dominating: number;
  /** Others that fewer trials dominate. */
  readonly better: number;
  readonly others: number;
}

/** @param depth - number of objectives */
export function createDominationRanking(depth: number): DominationRanking {
  const indices = new Map<number, number>();
  const vectors: number[] = [];
  const counts: number[] = [];
  return {
    add(number, vector) {
      if (indices.has(number)) return;
      indices.set(number, counts.length);
      let own = 0;
      for (let other = 0; other < counts.length; other++) {
        const relation = compare(vectors, other * depth, vector);
        if (relation < 0) own++;
        else if (relation > 0) counts[other]!++;
      }
      vectors.push(...vector);
      counts.push(own);
    },
    place(number) {
      const own = counts[indices.get(number) ?? -1] ?? 0;
      let better = 0;
      for (const count of counts) if (count < own) better++;
      return { dominating: own, better, others: counts.length - 1 };
    },
  };
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
