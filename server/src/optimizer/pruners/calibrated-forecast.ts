import { upperTail } from "../numerics/normal-tail.ts";
import { forecast, type ForecastOptions } from "./extrapolate.ts";
import type { Curve } from "../curve.ts";
import { countBefore } from "./reports.ts";
import { createWholeCurves, type WholeCurves } from "./whole-curves.ts";

/**
 * Forecasts that have been held against what came: each completed trial's curve is forecast from some of its beginnings,
 * and deviations of later forecasts are enlarged by how far off those were. Families of curves are idealisations, so that
 * their own deviations are too small, by a factor that differs from study to study.
 */
export interface CalibratedForecast {
  /** All trials so far; brings itself up to date with a history. */
  readonly whole: WholeCurves;
  /** Only when `whole.scale()` is positive. All to be minimised. */
  expect(curve: Curve): Calibrated;
}

export interface Calibrated {
  readonly mean: number;
  readonly deviation: number;
  /** Probability of ending below a value. */
  chance(value: number): number;
}

/** Shares of a curve from which it is forecast. */
const BEGINNINGS = [0.1, 0.2, 0.4, 0.7];

/** Squared error, in deviations, and number of trials, that are taken for granted at each beginning. */
const PRIOR_SQUARE = 4;
const PRIOR_TRIALS = 2;

export function createCalibratedForecast(sign: 1 | -1): CalibratedForecast {
  let squares = new Float64Array(BEGINNINGS.length);
  let counts = new Float64Array(BEGINNINGS.length);
  const whole: WholeCurves = createWholeCurves(sign, (curve) => {
    if (curve === undefined) {
      squares = new Float64Array(BEGINNINGS.length);
      counts = new Float64Array(BEGINNINGS.length);
    } else if (whole.scale() > 0) judge(curve, { horizon: whole.lastStep, scale: whole.scale(), sign });
  });

  function judge({ steps, values }: Curve, options: ForecastOptions): void {
    const end = sign * values[values.length - 1]!;
    BEGINNINGS.forEach((share, at) => {
      const length = countBefore(steps, share * options.horizon) + 1;
      if (length < 2 || length >= steps.length) return;
      const beginning = {
        steps: Array.from({ length }, (_, i) => steps[i]!),
        values: Array.from({ length }, (_, i) => values[i]!),
      };
      const { mean, deviation } = forecast(beginning, options);
      const square = ((end - mean) / deviation) ** 2;
      if (!Number.isFinite(square)) return;
      squares[at]! += square;
      counts[at]!++;
    });
  }

  return {
    whole,
    expect(curve) {
      const { mean, deviation } = forecast(curve, { horizon: whole.lastStep, scale: whole.scale(), sign });
      const progress = curve.steps[curve.steps.length - 1]! / whole.lastStep;
      const distance = (at: number): number => Math.abs(Math.log(BEGINNINGS[at]! / progress));
      let nearest = 0;
      for (let at = 1; at < BEGINNINGS.length; at++) if (distance(at) < distance(nearest)) nearest = at;
      const square = (PRIOR_TRIALS * PRIOR_SQUARE + squares[nearest]!) / (PRIOR_TRIALS + counts[nearest]!);
      const enlarged = deviation * Math.sqrt(Math.max(1, square));
      return {
        mean,
        deviation: enlarged,
        chance(value) {
          const z = (value - mean) / enlarged;
          return z > 0 ? 1 - upperTail(z) : upperTail(-z);
        },
      };
    },
  };
}
