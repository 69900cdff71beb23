import { dot } from "./dot.ts";

/** Writes the gradient at `x` into `gradient` and returns the value; a value that is not finite is taken for +∞. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

export interface MinimizeOptions {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** @default 50 */
  readonly maxEvaluations?: number;
  /** Stops when the projected gradient has no component above this. @default 1e-5 */
  readonly gradientTolerance?: number;
  /** Stops when a step gains less than this. @default 1e-9 */
  readonly valueTolerance?: number;
  /** Length of the first step, in the units of x; later ones follow from the curvature. @default 0.1 */
  readonly firstStep?: number;
}

export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
  readonly evaluations: number;
}

/** Pairs of steps and gradient changes that the curvature is estimated from. */
const MEMORY = 8;

/**
 * A local minimum within bounds by limited-memory BFGS: the two-loop recursion (Nocedal, Mathematics of Computation 35, 1980)
 * over the coordinates that no bound holds, and a backtracking search along the path projected onto the box (Bertsekas, SIAM
 * Journal on Control and Optimization 20, 1982).
 */
export function minimize(objective: Objective, start: Float64Array, options: MinimizeOptions): Minimum {
  const { lower, upper } = options;
  const { maxEvaluations = 50, gradientTolerance = 1e-5, valueTolerance = 1e-9, firstStep = 0.1 } = options;
  const n = start.length;
  const clamp = (value: number, i: number): number => Math.min(upper[i]!, Math.max(lower[i]!, value));
  let x = start.map(clamp);
  let gradient = new Float64Array(n);
  let value = objective(x, gradient);
  let evaluations = 1;
  const steps: Float64Array[] = [];
  const changes: Float64Array[] = [];
  const isHeld = (i: number): boolean =>
    (x[i]! <= lower[i]! && gradient[i]! > 0) || (x[i]! >= upper[i]! && gradient[i]! < 0);

  while (evaluations < maxEvaluations && Number.isFinite(value)) {
    const free = x.map((_, i) => (isHeld(i) ? 0 : 1));
    const largest = gradient.reduce((most, slope, i) => Math.max(most, free[i]! * Math.abs(slope)), 0);
    if (!(largest > gradientTolerance)) break;
    let direction = newtonDirection(gradient, free, steps, changes);
    let slope = dot(direction, gradient);
    if (!(slope < 0)) {
      steps.length = 0;
      changes.length = 0;
      direction = gradient.map((g, i) => -g * free[i]!);
      slope = dot(direction, gradient);
    }
    let scale = steps.length === 0 ? firstStep / Math.sqrt(dot(direction, direction)) : 1;
    let isDone = true;
    while (evaluations < maxEvaluations) {
      const next = x.map((old, i) => clamp(old + scale * direction[i]!, i));
      const nextGradient = new Float64Array(n);
      const nextValue = objective(next, nextGradient);
      evaluations++;
      const expected = next.reduce((sum, to, i) => sum + gradient[i]! * (to - x[i]!), 0);
      if (nextValue <= value + 1e-4 * expected && expected < 0) {
        const step = next.map((to, i) => to - x[i]!);
        const change = nextGradient.map((to, i) => to - gradient[i]!);
        if (dot(step, change) > 1e-10 * dot(change, change)) {
          steps.push(step);
          changes.push(change);
          if (steps.length > MEMORY) {
            steps.shift();
            changes.shift();
          }
        }
        isDone = value - nextValue < valueTolerance;
        x = next;
        gradient = nextGradient;
        value = nextValue;
        break;
      }
      // The parabola through both values and the slope, kept within a tenth and a half of the step.
      const parabola = (-slope * scale) / (2 * (nextValue - value - slope * scale));
      scale *= Number.isFinite(nextValue) ? Math.min(0.5, Math.max(0.1, parabola)) : 0.1;
      if (scale < 1e-12) break;
    }
    if (isDone) break;
  }
  return { x, value, evaluations };
}

function newtonDirection(
  gradient: Float64Array,
  free: Float64Array,
  steps: readonly Float64Array[],
  changes: readonly Float64Array[],
): Float64Array {
  const direction = gradient.map((g, i) => -g * free[i]!);
  const shares = new Float64Array(steps.length);
  for (let k = steps.length - 1; k >= 0; k--) {
    shares[k] = dot(steps[k]!, direction) / dot(steps[k]!, changes[k]!);
    addScaled(direction, -shares[k]!, changes[k]!);
  }
  const newest = steps.length - 1;
  if (newest >= 0) {
    const curvature = dot(steps[newest]!, changes[newest]!) / dot(changes[newest]!, changes[newest]!);
    for (let i = 0; i < direction.length; i++) direction[i] = direction[i]! * curvature;
  }
  for (let k = 0; k < steps.length; k++) {
    const share = dot(changes[k]!, direction) / dot(steps[k]!, changes[k]!);
    addScaled(direction, shares[k]! - share, steps[k]!);
  }
  return direction.map((value, i) => value * free[i]!);
}

function addScaled(target: Float64Array, factor: number, source: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i] = target[i]! + factor * source[i]!;
}
