import type { CategoricalDomain, Domain, IntegerDomain, RealDomain } from "./parameter.ts";
import { withPrior } from "./prior.ts";
import type { Scale } from "./scale.ts";

/** Numbers this close to a grid point, in steps, or to a bound, in ranges, are taken for it. */
const TOLERANCE = 1e-9;

export function createScale(domain: Domain): Scale {
  return withPrior(plainScale(domain), domain);
}

function plainScale(domain: Domain): Scale {
  if (domain.kind === "categorical") return categoricalScale(domain);
  if (domain.kind === "real" && domain.step === undefined && domain.low < domain.high)
    return continuousScale(domain);
  return domain.log && domain.kind === "integer"
    ? logIntegerScale(domain.low, domain.high)
    : gridScale(domain);
}

const clampUnit = (unit: number): number => Math.min(1, Math.max(0, unit));
const clampCell = (cell: number, cells: number): number => Math.min(cells - 1, Math.max(0, cell));

function continuousScale({ low, high, log }: RealDomain): Scale {
  const start = log ? Math.log(low) : low;
  const range = (log ? Math.log(high) : high) - start;
  const clamp = (value: number): number => Math.min(high, Math.max(low, value));
  return {
    kind: "continuous",
    cells: Infinity,
    snap(value) {
      if (typeof value !== "number" || Number.isNaN(value)) return undefined;
      const slack = TOLERANCE * (high - low);
      return value < low - slack || value > high + slack ? undefined : clamp(value) + 0; // + 0 turns −0 into 0
    },
    toUnit(value) {
      if (typeof value !== "number" || Number.isNaN(value)) return NaN;
      if (range === 0) return 0.5; // bounds whose logarithms are the same double
      return clampUnit(((log ? Math.log(clamp(value)) : clamp(value)) - start) / range);
    },
    toValue(unit) {
      const raw = start + clampUnit(unit) * range;
      return clamp(log ? Math.exp(raw) : raw) + 0;
    },
    cell: () => 0,
    centre: () => 0.5,
    edge: (cell) => cell,
  };
}

/** Number of grid points from low to high, the last at or below high (within rounding). */
export function gridSize(low: number, high: number, step: number): number {
  return Math.floor((high - low) / step + TOLERANCE) + 1;
}

/** Evenly spaced numbers; each owns a cell of the same width. */
function gridScale(domain: RealDomain | IntegerDomain): Scale {
  const { low, high } = domain;
  const step = domain.step ?? 1;
  const cells = gridSize(low, high, step);
  const valueAt = (cell: number): number => {
    const value = low + cell * step;
    if (domain.kind === "integer" || cell === 0) return value + 0; // + 0 turns −0 into 0
    // Fifteen digits where that names the same grid point: 0.1 + 2 × 0.1 should read 0.3.
    const tidy = Number(value.toPrecision(15));
    return Math.min(high, Math.abs(tidy - value) < 1e-6 * step ? tidy : value) + 0;
  };
  const cellAt = (unit: number): number => clampCell(Math.floor(unit * cells), cells);
  return {
    kind: "grid",
    cells,
    snap(value) {
      if (typeof value !== "number") return undefined;
      const position = (value - low) / step;
      const cell = Math.round(position);
      const rounding = 4 * Number.EPSILON * (Math.abs(position) + Math.abs(low / step));
      const near = Math.abs(position - cell) <= TOLERANCE + rounding;
      // With the last cell, not with their number, which from 2^53 on may be rounded to the last cell's.
      return near && cell >= 0 && cell <= cells - 1 ? valueAt(cell) : undefined;
    },
    toUnit(value) {
      if (typeof value !== "number" || Number.isNaN(value)) return NaN;
      return (clampCell(Math.round((value - low) / step), cells) + 0.5) / cells;
    },
    toValue: (unit) => valueAt(cellAt(unit)),
    cell: cellAt,
    centre: (cell) => (cell + 0.5) / cells,
    edge: (cell) => cell / cells,
  };
}

/** Whole numbers on a logarithmic scale: the number k owns the logarithms from k − ½ to k + ½. */
function logIntegerScale(low: number, high: number): Scale {
  const start = Math.log(low - 0.5);
  const range = Math.log(high + 0.5) - start;
  const cells = high - low + 1;
  const centre = (cell: number): number => clampUnit((Math.log(low + cell) - start) / range);
  const cellAt = (unit: number): number =>
    clampCell(Math.round(Math.exp(start + clampUnit(unit) * range)) - low, cells);
  return {
    kind: "grid",
    cells,
    snap(value) {
      if (typeof value !== "number") return undefined;
      const whole = Math.round(value);
      return Math.abs(value - whole) <= TOLERANCE && whole >= low && whole <= high ? whole : undefined;
    },
    toUnit(value) {
      if (typeof value !== "number" || Number.isNaN(value)) return NaN;
      return centre(clampCell(Math.round(value) - low, cells));
    },
    toValue: (unit) => low + cellAt(unit),
    cell: cellAt,
    centre,
    edge: (cell) => (cell >= cells ? 1 : clampUnit((Math.log(low + cell - 0.5) - start) / range)),
  };
}

/** Each choice owns a cell as wide as its weight. */
function categoricalScale({ choices, ordered, weights = [] }: CategoricalDomain): Scale {
  const cells = choices.length;
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const edges = new Float64Array(cells + 1);
  for (let cell = 1; cell < cells; cell++)
    edges[cell] = weights.length === 0 ? cell / cells : edges[cell - 1]! + weights[cell - 1]! / sum;
  edges[cells] = 1;
  const centre = (cell: number): number =>
    weights.length === 0 ? (cell + 0.5) / cells : (edges[cell]! + edges[cell + 1]!) / 2;
  const cellAt = (unit: number): number => {
    if (weights.length === 0) return clampCell(Math.floor(unit * cells), cells);
    return clampCell(
      edges.findLastIndex((edge) => edge <= unit),
      cells,
    );
  };
  return {
    kind: ordered ? "grid" : "categorical",
    cells,
    snap: (value) => choices.find((choice) => choice === value),
    toUnit(value) {
      const cell = choices.indexOf(value);
      return cell < 0 ? NaN : centre(cell);
    },
    toValue: (unit) => choices[cellAt(unit)]!,
    cell: cellAt,
    centre,
    edge: (cell) => edges[cell]!,
  };
}
