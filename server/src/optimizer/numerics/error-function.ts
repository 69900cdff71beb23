/**
 * The error function and its complements by the rational minimax approximations of W. J. Cody, Mathematics of Computation
 * 23 (1969): about 1e-16 relative.
 */

/** Numerators and denominators, highest power last; |x| ≤ 0.46875 in x², then up to 4 in x, then above in 1/x². */
const SMALL_P = [
  3.2093775891384695e3, 3.774852376853020208e2, 1.13864154151050156e2, 3.1611237438705656,
  1.85777706184603153e-1,
];
const SMALL_Q = [
  2.84423683343917062e3, 1.28261652607737228e3, 2.44024637934444173e2, 2.36012909523441209e1, 1,
];
const MIDDLE_P = [
  1.23033935479799725e3, 2.05107837782607147e3, 1.71204761263407058e3, 8.8195222124176909e2,
  2.98635138197400131e2, 6.61191906371416295e1, 8.88314979438837594, 5.64188496988670089e-1,
  2.15311535474403846e-8,
];
const MIDDLE_Q = [
  1.23033935480374942e3, 3.43936767414372164e3, 4.36261909014324716e3, 3.29079923573345963e3,
  1.62138957456669019e3, 5.37181101862009858e2, 1.17693950891312499e2, 1.57449261107098347e1, 1,
];
const LARGE_P = [
  6.58749161529837803e-4, 1.60837851487422766e-2, 1.25781726111229246e-1, 3.60344899949804439e-1,
  3.05326634961232344e-1, 1.63153871373020978e-2,
];
const LARGE_Q = [
  2.33520497626869185e-3, 6.05183413124413191e-2, 5.27905102951428412e-1, 1.87295284992346725,
  2.56852019228982242, 1,
];
const SQRT_PI = Math.sqrt(Math.PI);

function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * x + coefficients[i]!;
  return sum;
}

/** e^(−x²), with x² split so that its rounding does not count. */
function gaussian(x: number): number {
  if (x > 40) return 0; // and where it is infinite, the difference below would be none
  const coarse = Math.trunc(x * 16) / 16;
  return Math.exp(-coarse * coarse) * Math.exp(-(x - coarse) * (x + coarse));
}

/** erf(x) for |x| ≤ 0.46875. */
function erfSmall(x: number): number {
  const square = x * x;
  return (x * polynomial(SMALL_P, square)) / polynomial(SMALL_Q, square);
}

/** e^(x²) erfc(x) for x > 0.46875. */
function erfcxPositive(x: number): number {
  if (x <= 4) return polynomial(MIDDLE_P, x) / polynomial(MIDDLE_Q, x);
  if (x > 1e9) return 1 / (x * SQRT_PI);
  const inverse = 1 / (x * x);
  return (1 / SQRT_PI - (inverse * polynomial(LARGE_P, inverse)) / polynomial(LARGE_Q, inverse)) / x;
}

/** 2/√π ∫₀ˣ e^(−t²) dt. */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size <= 0.46875) return erfSmall(x);
  const rest = 1 - gaussian(size) * erfcxPositive(size);
  return x < 0 ? -rest : rest;
}

/** 1 − erf(x), exact in the tail. */
export function erfc(x: number): number {
  const size = Math.abs(x);
  if (size <= 0.46875) return 1 - erfSmall(x);
  const tail = gaussian(size) * erfcxPositive(size);
  return x < 0 ? 2 - tail : tail;
}

/** e^(x²) erfc(x): what is left of the tail once its exponential is taken out. Infinity below −26.7. */
export function erfcx(x: number): number {
  const size = Math.abs(x);
  if (size <= 0.46875) return Math.exp(x * x) * (1 - erfSmall(x));
  return x < 0 ? 2 / gaussian(size) - erfcxPositive(size) : erfcxPositive(size);
}
