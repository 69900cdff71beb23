import { normalQuantile } from "./normal-distribution.ts";
import { upperTail } from "./normal-tail.ts";
import type { Stream } from "./stream.ts";

/** Mass that a normal with this mean, inside [0, 1], and deviation has within [0, 1]. */
export function massInUnit(mean: number, deviation: number): number {
  return 1 - upperTail(mean / deviation) - upperTail((1 - mean) / deviation);
}

/**
 * A draw from the normal with a mean inside [0, 1] cut to [0, 1]: rejection, which keeps more than a third when deviation ≤ 1. By
 * inversion, for half of what a sine and a logarithm cost.
 */
export function drawInUnit(mean: number, deviation: number, stream: Stream): number {
  for (;;) {
    const draw = mean + deviation * normalQuantile(stream.uniform());
    if (draw >= 0 && draw <= 1) return draw;
  }
}
