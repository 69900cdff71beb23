import { normalCdf } from "../numerics/normal-distribution.ts";
import type { Domain, IntegerDomain, NormalPrior, RealDomain } from "./parameter.ts";
import type { Scale } from "./scale.ts";

/**
 * The share of the prior that is uniform over the domain: a belief may be wrong, and what lies far from it must stay within
 * reach of a search.
 */
const UNIFORM = 0.1;

/** Halvings after which the interval is narrower than a double's last digit. */
const HALVINGS = 54;

/**
 * A scale on which what is likely is wide: coordinates are the prior's distribution function, so that uniform points follow the prior, and
 * every sampler's model is finest where the owner of the study expects the optimum. The same as `scale` without a prior.
 */
export function withPrior(scale: Scale, domain: Domain): Scale {
  if (domain.kind === "categorical" || domain.prior === undefined || scale.cells === 1) return scale;
  const believed = distribution(domain.prior, axisOf(domain, scale.cells));
  if (believed === undefined) return scale;
  const { forward, backward } = believed;
  return {
    ...scale,
    toUnit: (value) => forward(scale.toUnit(value)),
    toValue: (unit) => scale.toValue(backward(unit)),
    cell: (unit) => scale.cell(backward(unit)),
    centre: (cell) => (scale.kind === "continuous" ? 0.5 : forward(scale.centre(cell))),
    edge: (cell) => (cell >= scale.cells ? 1 : forward(scale.edge(cell))),
  };
}

/** The numbers that a scale's coordinates run over evenly: values or their logarithms. */
interface Axis {
  readonly low: number;
  readonly range: number;
  place(value: number): number;
}

function axisOf(domain: RealDomain | IntegerDomain, cells: number): Axis {
  const place = (value: number): number => (domain.log ? Math.log(value) : value);
  const { low, high } = domain;
  // A grid's outer cells reach half a step beyond its values.
  const half = domain.kind === "integer" || domain.step !== undefined ? (domain.step ?? 1) / 2 : 0;
  const top = half === 0 || domain.log ? high + half : low + (2 * cells - 1) * half;
  return { low: place(low - half), range: place(top) - place(low - half), place };
}

/** Smallest deviation, as a share of the domain, that the coordinates of doubles can still follow. */
const NARROWEST = 1e-6;

/** More values than this of a grid with a prior would share coordinates. */
export const MOST_CELLS = 2 ** 32;

/** The smallest deviation that a domain's prior may have. */
export function narrowestDeviation(domain: RealDomain | IntegerDomain, cells: number): number {
  return NARROWEST * axisOf(domain, cells).range;
}

interface Distribution {
  /** The prior's probability of what lies below a coordinate; NaN stays NaN. */
  forward(unit: number): number;
  backward(probability: number): number;
}

/** Undefined where bounds or their logarithms are next to the same double: nothing there is to be preferred. */
function distribution(
  { mean, deviation }: NormalPrior,
  { low, range, place }: Axis,
): Distribution | undefined {
  const centre = (place(mean) - low) / range;
  const width = deviation / range;
  const bell = (unit: number): number => normalCdf((unit - centre) / width);
  const [first, last] = [bell(0), bell(1)];
  if (!(last > first)) return undefined;
  const forward = (unit: number): number => {
    const below = (bell(unit) - first) / (last - first);
    return Math.min(1, Math.max(0, UNIFORM * unit + (1 - UNIFORM) * below));
  };
  return {
    forward,
    backward(probability) {
      if (!(probability > 0)) return 0;
      if (probability >= 1) return 1;
      let [left, right] = [0, 1];
      for (let halving = 0; halving < HALVINGS; halving++) {
        const middle = (left + right) / 2;
        if (forward(middle) < probability) left = middle;
        else right = middle;
      }
      return (left + right) / 2;
    },
  };
}
