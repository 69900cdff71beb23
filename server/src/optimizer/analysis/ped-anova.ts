import type { Trials } from "../history.ts";
import type { Dimension } from "../space/dimension.ts";
import { quantileOf, type Rows } from "./rows.ts";

/** The share of trials, the best ones, whose distribution is compared with that of all. */
const TARGET_QUANTILE = 0.1;
const FEWEST_TARGETS = 5;
const GRID = 50;

/**
 * PED-ANOVA (Watanabe, Bansal and Hutter, IJCAI 2023, arXiv:2304.10255): how far each parameter's distribution among the
 * best trials is from that among all, as the Pearson divergence of Parzen densities. Costs O(n) and says what matters for
 * being among the best, which may differ from what moves the objective overall. A conditional parameter is judged where it
 * is active, weighted by α²/β with α and β its shares of activity among the best and among all.
 *
 * @returns one number a dimension, adding up to 1; all 0 when nothing differs
 */
export function pedAnova(history: Trials, rows: Rows): Float64Array {
  const { count, width, losses, points } = rows;
  const size = Math.min(count, Math.max(FEWEST_TARGETS, Math.ceil(TARGET_QUANTILE * count)));
  const order = Array.from({ length: count }, (_, row) => row).sort(
    (a, b) => losses[a]! - losses[b]! || a - b,
  );
  // Trials that tie with the last of the best are among them, unless that makes them the majority.
  const bound = losses[order[size - 1] ?? 0] ?? NaN;
  const tied = order.findIndex((row) => losses[row]! > bound);
  const best = order.slice(0, tied >= size && tied <= count / 2 ? tied : size);
  const divergences = history.space.dimensions.map((dimension, index) => {
    const unitsOf = (chosen: readonly number[]): number[] =>
      chosen.map((row) => points[row * width + index]!).filter((unit) => !Number.isNaN(unit));
    const [target, all] = [unitsOf(best), unitsOf(order)];
    if (target.length === 0 || all.length === 0) return 0;
    const [alpha, beta] = [target.length / best.length, all.length / count];
    return ((alpha * alpha) / beta) * divergence(density(dimension, target), density(dimension, all));
  });
  return normalized(divergences);
}

/** Shares that add up to 1, or all 0. */
export function normalized(values: ArrayLike<number>): Float64Array {
  const positive = Float64Array.from(values, (value) => Math.max(0, value));
  const total = positive.reduce((sum, value) => sum + value, 0);
  return total > 0 ? positive.map((value) => value / total) : positive;
}

/** ½ E[(p/q − 1)²] under q. */
function divergence(p: Float64Array, q: Float64Array): number {
  return 0.5 * p.reduce((sum, value, at) => sum + (value / q[at]! - 1) ** 2 * q[at]!, 0);
}

/** Probabilities of the cells of a grid: Scott's rule for numbers, counts with one uniform trial added for choices. */
function density(dimension: Dimension, units: readonly number[]): Float64Array {
  const { kind, cells, cell } = dimension;
  if (kind === "categorical") {
    const shares = new Float64Array(cells).fill(1 / cells);
    for (const unit of units) shares[cell(unit)]!++;
    return shares.map((share) => share / (units.length + 1));
  }
  const sorted = Float64Array.from(units).sort();
  const mean = sorted.reduce((sum, unit) => sum + unit, 0) / sorted.length;
  const deviation = Math.sqrt(
    sorted.reduce((sum, unit) => sum + (unit - mean) ** 2, 0) / Math.max(1, sorted.length - 1),
  );
  const range = (quantileOf(sorted, 0.75) - quantileOf(sorted, 0.25)) / 1.34;
  const spread = Math.min(deviation, range > 0 ? range : deviation);
  const bandwidth = Math.max(1.06 * spread * sorted.length ** -0.2, 0.5 / GRID);
  // Counting into cells first makes the price independent of the number of trials.
  const counts = new Float64Array(GRID);
  for (const unit of units) counts[Math.min(GRID - 1, Math.floor(unit * GRID))]!++;
  const probabilities = new Float64Array(GRID).fill(1 / GRID); // one uniform trial keeps every quotient finite
  const kernel = Float64Array.from({ length: GRID }, (_, distance) =>
    Math.exp(-0.5 * (distance / GRID / bandwidth) ** 2),
  );
  for (let from = 0; from < GRID; from++) {
    if (counts[from] === 0) continue;
    let mass = 0;
    for (let to = 0; to < GRID; to++) mass += kernel[Math.abs(to - from)]!;
    for (let to = 0; to < GRID; to++)
      probabilities[to]! += (counts[from]! * kernel[Math.abs(to - from)]!) / mass;
  }
  return probabilities.map((probability) => probability / (units.length + 1));
}
