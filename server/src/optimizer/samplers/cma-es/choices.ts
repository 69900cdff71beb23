/** Probabilities of the choices of some categoricals, which move towards those of good points. */
export interface Choices {
  /** One row a categorical. */
  readonly chances: readonly Float64Array[];
  /** Learns from a generation: the chosen cells by rank, −1 where a point has no choice, and the weights of the ranks. */
  update(points: readonly Int32Array[], weights: Float64Array): void;
}

/** Squared signal over noise that the size of the natural gradient's steps aims at. */
const AIM = 1.5;

/**
 * The categorical half of CatCMA (Hamano et al., GECCO 2024, arXiv:2405.09962): a natural-gradient step whose length adapts to the
 * signal in the gradients (Akimoto et al., ICML 2019), and a margin below which no probability falls (arXiv:2504.07884).
 *
 * @param start - the probabilities to begin with, one row a categorical of two choices at least
 */
export function createChoices(start: readonly Float64Array[]): Choices {
  const cells = start.map((row) => row.length);
  const chances = start.map((row) => row.slice());
  const margins = cells.map((count) => (1 - 0.73 ** (1 / cells.length)) / (count - 1));
  const free = cells.reduce((sum, count) => sum + count - 1, 0);
  chances.forEach((row, k) => raise(row, margins[k]!));
  const signal = cells.map((count) => new Float64Array(count - 1));
  let trust = 1;
  let norm = 0;
  return {
    chances,
    update(points, weights) {
      if (cells.length === 0) return;
      const gradients = chances.map((row, k) => {
        const gradient = new Float64Array(row.length);
        points.forEach((codes, i) => {
          const weight = Math.max(0, weights[i]!);
          if (weight === 0 || codes[k]! < 0) return;
          for (let c = 0; c < row.length; c++)
            gradient[c] = gradient[c]! + weight * ((codes[k] === c ? 1 : 0) - row[c]!);
        });
        return gradient;
      });
      // The gradients times the square root of the Fisher matrix: their lengths in it do not depend on the parametrisation.
      const scaled = chances.map((row, k) => {
        const last = row[row.length - 1]!;
        const gradient = gradients[k]!;
        const sum = -gradient[row.length - 1]!;
        return Float64Array.from({ length: row.length - 1 }, (_, c) => {
          const root = Math.sqrt(row[c]!);
          return gradient[c]! / root + (root * sum) / (last + Math.sqrt(last));
        });
      });
      const length = Math.sqrt(
        scaled.reduce((total, row) => total + row.reduce((sum, x) => sum + x * x, 0), 0),
      );
      if (!(length > 1e-30)) return;
      const pace = 1 / trust;
      chances.forEach((row, k) => {
        for (let c = 0; c < row.length; c++) row[c] = row[c]! + (pace / length) * gradients[k]![c]!;
      });
      const rate = pace / Math.sqrt(free);
      norm = (1 - rate) ** 2 * norm + rate * (2 - rate);
      let squared = 0;
      signal.forEach((row, k) => {
        for (let c = 0; c < row.length; c++) {
          row[c] = (1 - rate) * row[c]! + (Math.sqrt(rate * (2 - rate)) * scaled[k]![c]!) / length;
          squared += row[c]! * row[c]!;
        }
      });
      trust = Math.min(1e6, Math.max(1, trust * Math.exp(rate * (norm - squared / AIM))));
      chances.forEach((row, k) => raise(row, margins[k]!));
    },
  };
}

/** Lifts what is below the margin to it, at the cost of what is above, so that the row sums to 1. */
function raise(row: Float64Array, margin: number): void {
  for (let c = 0; c < row.length; c++) row[c] = Math.max(margin, row[c]!);
  const total = row.reduce((sum, chance) => sum + chance, 0);
  const spare = total - margin * row.length;
  const share = spare > 0 ? (1 - total) / spare : 0;
  for (let c = 0; c < row.length; c++) row[c] = row[c]! + share * (row[c]! - margin);
}
