import { expNegative } from "./exp.ts";

/** Beyond this the tail is below 1e-18 and counts as 0. */
export const TAIL_END = 9;
/** Knots of the table, per unit and in all. */
const PER_UNIT = 64;
const KNOTS = TAIL_END * PER_UNIT + 1;

const density = (x: number): number => expNegative(-0.5 * x * x) / Math.sqrt(2 * Math.PI);

/** P(Z > x) at the knots, by three-point Gauss–Legendre quadrature from the far end. */
const TAILS = (() => {
  const tails = new Float64Array(KNOTS + 1);
  const half = 0.5 / PER_UNIT;
  for (let knot = KNOTS - 2; knot >= 0; knot--) {
    const middle = (knot + 0.5) / PER_UNIT;
    const offset = half * Math.sqrt(0.6);
    const sides = density(middle - offset) + density(middle + offset);
    tails[knot] = tails[knot + 1]! + (half * (5 * sides + 8 * density(middle))) / 9;
  }
  return tails;
})();
const DENSITIES = Float64Array.from({ length: KNOTS + 1 }, (_, knot) => density(knot / PER_UNIT));

/** P(Z > x) of a standard normal Z for x ≥ 0: cubic Hermite interpolation, to 3e-10 absolute. */
export function upperTail(x: number): number {
  const position = x * PER_UNIT;
  if (!(position < KNOTS - 1)) return 0;
  const knot = Math.floor(position);
  const t = position - knot;
  const s = 1 - t;
  const h = 1 / PER_UNIT;
  const start = TAILS[knot]! * (1 + 2 * t) * s * s - h * DENSITIES[knot]! * t * s * s;
  const end = TAILS[knot + 1]! * (3 - 2 * t) * t * t + h * DENSITIES[knot + 1]! * s * t * t;
  return start + end;
}
