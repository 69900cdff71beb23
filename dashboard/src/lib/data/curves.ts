import type { Measurement, Trial } from "@asktell/proto/asktell/v1/trial_pb";

/** What one trial reported, ordered by step. */
export interface Curve {
  readonly row: number;
  readonly state: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** The values of one objective that a trial reported, finite ones only; undefined if there are none. */
export function curveOf(
  trial: Pick<Trial, "number" | "measurements"> & { readonly state: number },
  objective: number,
): Curve | undefined {
  const points = trial.measurements
    .flatMap(({ step, values }: Measurement) => {
      const value = values[objective] ?? NaN;
      return Number.isFinite(value) ? [[step, value] as const] : [];
    })
    .sort(([a], [b]) => a - b);
  if (points.length === 0) return undefined;
  return {
    row: trial.number,
    state: trial.state,
    x: Float64Array.from(points, ([step]) => step),
    y: Float64Array.from(points, ([, value]) => value),
  };
}

/** The part of a curve between two steps, with its ends on the line where they fall between reports; undefined where it has none. */
export function curveWithin(curve: Curve, [from, to]: readonly [number, number]): Curve | undefined {
  const { x, y } = curve;
  const kept: [number, number][] = [];
  x.forEach((step, i) => {
    const [before, value] = [x[i - 1], y[i]!];
    if (before !== undefined) {
      const at = (place: number): number =>
        y[i - 1]! + ((value - y[i - 1]!) * (place - before)) / (step - before);
      for (const end of [from, to]) if (before < end && end < step) kept.push([end, at(end)]);
    }
    if (step >= from && step <= to) kept.push([step, value]);
  });
  if (kept.length === 0) return undefined;
  return {
    ...curve,
    x: Float64Array.from(kept, ([step]) => step),
    y: Float64Array.from(kept, ([, value]) => value),
  };
}

/** The median over the curves at each step that at least three of them reached. */
export function medianCurve(curves: readonly Curve[]): { x: number[]; y: number[] } {
  const byStep = new Map<number, number[]>();
  for (const { x, y } of curves) {
    for (let i = 0; i < x.length; i++) {
      const values = byStep.get(x[i]!);
      if (values === undefined) byStep.set(x[i]!, [y[i]!]);
      else values.push(y[i]!);
    }
  }
  const steps = [...byStep.keys()].filter((step) => byStep.get(step)!.length >= 3).sort((a, b) => a - b);
  return { x: steps, y: steps.map((step) => median(byStep.get(step)!)) };
}

function median(values: number[]): number {
  values.sort((a, b) => a - b);
  const middle = values.length >> 1;
  return values.length % 2 === 1 ? values[middle]! : (values[middle - 1]! + values[middle]!) / 2;
}

/**
 * Smooths by an exponential average that starts without a bias towards zero (as in Adam, Kingma and Ba 2015).
 * @param weight how much of the past is kept, 0 (none) to below 1
 */
export function smooth(y: ArrayLike<number>, weight: number): Float64Array {
  const out = new Float64Array(y.length);
  let average = 0;
  let power = 1;
  for (let i = 0; i < y.length; i++) {
    average = weight * average + (1 - weight) * y[i]!;
    power *= weight;
    out[i] = average / (1 - power);
  }
  return out;
}
