import { createColumn } from "./numerics/column.ts";
import type { Curve } from "./curve.ts";

/** The reports of trials, by number, in columns. */
export interface CurveColumns {
  readonly bytes: number;
  /** Adds a trial, without reports. */
  push(): void;
  /** Gives a trial its reports, once. */
  set(number: number, curve: Curve): void;
  /** Views: read them before the next `set`. */
  get(number: number): Curve;
  count(number: number): number;
  /** By trial, how many reports it has. A view. */
  counts(): Int32Array;
  /** Forgets all trials from this number on, none of which has reports. */
  truncate(fromNumber: number): void;
}

/** @param depth - how many values a report has, one an objective */
export function createCurveColumns(depth: number): CurveColumns {
  const starts = createColumn(Float64Array, 1);
  const lengths = createColumn(Int32Array, 1);
  const steps = createColumn(Float64Array, 1);
  const vectors = createColumn(Float64Array, depth);
  return {
    get bytes() {
      return starts.bytes + lengths.bytes + steps.bytes + vectors.bytes;
    },
    push() {
      starts.push(0);
      lengths.push(0);
    },
    set(number, curve) {
      starts.set(number, 0, steps.length);
      lengths.set(number, 0, curve.steps.length);
      for (let i = 0; i < curve.steps.length; i++) {
        steps.push(curve.steps[i]!);
        vectors.push(
          curve.vectors === undefined
            ? [curve.values[i]!, ...new Array<number>(depth - 1).fill(NaN)]
            : Array.from({ length: depth }, (_, at) => curve.vectors![i * depth + at]!),
        );
      }
    },
    get(number) {
      const start = starts.get(number);
      const end = start + lengths.get(number);
      const own = steps.slice(start, end);
      const values = vectors.slice(start, end);
      if (depth === 1) return { steps: own, values };
      return { steps: own, values: own.map((_, at) => values[at * depth]!), vectors: values };
    },
    count: (number) => lengths.get(number),
    counts: () => lengths.all(),
    truncate(fromNumber) {
      starts.truncate(fromNumber);
      lengths.truncate(fromNumber);
    },
  };
}
