import { erfc, erfcx } from "./error-function.ts";

const HALF_LOG_TAU = 0.5 * Math.log(2 * Math.PI);
const SQRT_HALF_PI = Math.sqrt(Math.PI / 2);

/** Φ(z), the standard normal distribution function. */
export const normalCdf = (z: number): number => 0.5 * erfc(-z * Math.SQRT1_2);

/** φ(z), the standard normal density. */
export const normalDensity = (z: number): number => Math.exp(-0.5 * z * z - HALF_LOG_TAU);

/** ln Φ(z), exact far into the lower tail. */
export function logNormalCdf(z: number): number {
  if (z > 5) return Math.log1p(-0.5 * erfc(z * Math.SQRT1_2));
  if (z > -1) return Math.log(normalCdf(z));
  return Math.log(0.5 * erfcx(-z * Math.SQRT1_2)) - 0.5 * z * z;
}

/** φ(z) / Φ(z), the derivative of ln Φ, exact far into the lower tail. */
export function normalHazard(z: number): number {
  return z > -1 ? normalDensity(z) / normalCdf(z) : 1 / (SQRT_HALF_PI * erfcx(-z * Math.SQRT1_2));
}

/** Numerators and denominators of Wichura's AS 241 (Applied Statistics 37, 1988), highest power last. */
const CENTRE_P = [
  3.387132872796366608, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
  4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3,
];
const CENTRE_Q = [
  1, 4.2313330701600911252e1, 6.871870074920579083e2, 5.3941960214247511077e3, 2.1213794301586595867e4,
  3.930789580009271061e4, 2.8729085735721942674e4, 5.226495278852854561e3,
];
const MIDDLE_P = [
  1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055, 3.64784832476320460504,
  1.27045825245236838258, 2.4178072517745061177e-1, 2.27238449892691845833e-2, 7.7454501427834140764e-4,
];
const MIDDLE_Q = [
  1, 2.05319162663775882187, 1.6763848301838038494, 6.8976733498510000455e-1, 1.4810397642748007459e-1,
  1.51986665636164571966e-2, 5.475938084995344946e-4, 1.05075007164441684324e-9,
];
const TAIL_P = [
  6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358, 2.9656057182850489123e-1,
  2.6532189526576123093e-2, 1.2426609473880784386e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
];
const TAIL_Q = [
  1, 5.9983220655588793769e-1, 1.3692988092273580531e-1, 1.48753612908506148525e-2, 7.868691311456132591e-4,
  1.8463183175100546818e-5, 1.4215117583164458887e-7, 2.04426310338993978564e-15,
];

function ratio(p: readonly number[], q: readonly number[], x: number): number {
  let above = 0;
  let below = 0;
  for (let i = p.length - 1; i >= 0; i--) {
    above = above * x + p[i]!;
    below = below * x + q[i]!;
  }
  return above / below;
}

/** Φ⁻¹(p): where the standard normal distribution reaches p; ±∞ at 1 and 0, NaN outside. About 1e-15 relative. */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(CENTRE_P, CENTRE_Q, 0.180625 - q * q);
  const tail = q < 0 ? p : 1 - p;
  if (!(tail > 0)) return tail === 0 ? (q < 0 ? -Infinity : Infinity) : NaN;
  const r = Math.sqrt(-Math.log(tail));
  const value = r <= 5 ? ratio(MIDDLE_P, MIDDLE_Q, r - 1.6) : ratio(TAIL_P, TAIL_Q, r - 5);
  return q < 0 ? -value : value;
}

/**
 * ln h(z) with h(z) = φ(z) + zΦ(z), the expected excess of a standard normal over −z: the logarithm of expected improvement
 * without underflow (Ament et al., NeurIPS 2023, arXiv:2310.20708).
 */
export function logExcess(z: number): number {
  if (z > -1) return Math.log(normalDensity(z) + z * normalCdf(z));
  const start = -0.5 * z * z - HALF_LOG_TAU;
  if (z < -1e6) return start - 2 * Math.log(-z);
  // h/φ = 1 − |z| √(π/2) erfcx(|z|/√2); far out the difference loses its digits, and its series takes over.
  if (z < -40) return start - 2 * Math.log(-z) + Math.log1p(tailSeries(1 / (z * z)));
  return start + Math.log1p(z * SQRT_HALF_PI * erfcx(-z * Math.SQRT1_2));
}

/** h/φ = z⁻² (1 + series in z⁻²), from the asymptotic expansion of Mills' ratio. */
function tailSeries(t: number): number {
  return t * (-3 + t * (15 + t * (-105 + t * (945 - t * 10395))));
}

/** h′(z)/h(z) = Φ/h, given ln h(z). */
export const excessSlope = (z: number, logH: number): number => Math.exp(logNormalCdf(z) - logH);
