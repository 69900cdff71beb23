import type { Dimension } from "../space/dimension.ts";

/** What a regression sees of one coordinate: functions with mean 0 and about unit variance over the active range. */
export interface Basis {
  readonly size: number;
  /** Writes the functions' values at a coordinate; zeros where it is NaN. */
  write(unit: number, into: Float64Array, at: number): void;
}

/**
 * Functions of each further degree are this much smaller, so that they are taken up only where the trials ask for them:
 * where there are none, the simplest curve goes on.
 */
const SMOOTHNESS = 0.5;

/**
 * Legendre polynomials on [0, 1] for numbers, as many as the grid can tell apart; centred indicators for choices. Both are
 * orthogonal to the constant over the coordinate, so that the functional ANOVA can be read off their coefficients.
 *
 * @param choices - how many choices have indicators at most; the others share what is left
 */
export function createBasis(dimension: Dimension, degree: number, choices: number): Basis {
  const { kind, cells, cell } = dimension;
  if (kind === "categorical") {
    const size = cells < 2 ? 0 : Math.min(cells, choices);
    return {
      size,
      write(unit, into, at) {
        if (Number.isNaN(unit)) return void into.fill(0, at, at + size);
        const own = cell(unit);
        for (let choice = 0; choice < size; choice++)
          into[at + choice] = (Number(choice === own) - 1 / cells) * Math.sqrt(cells);
      },
    };
  }
  const size = Math.max(0, Math.min(degree, (kind === "continuous" ? Infinity : cells) - 1));
  return {
    size,
    write(unit, into, at) {
      if (Number.isNaN(unit)) return void into.fill(0, at, at + size);
      const x = 2 * unit - 1;
      let [previous, current, weight] = [1, x, 1];
      for (let k = 1; k <= size; k++) {
        into[at + k - 1] = current * Math.sqrt(2 * k + 1) * weight;
        weight *= SMOOTHNESS;
        // Bonnet's recursion.
        [previous, current] = [current, ((2 * k + 1) * x * current - k * previous) / (k + 1)];
      }
    },
  };
}
