import type { Calibration, Expectation } from "@asktell/proto/asktell/v1/analysis_service_pb";
import { COMPLETED } from "../data/trial-columns.ts";
import { formatPercent } from "../format.ts";
import type { PointCloud } from "./point-cloud.ts";

/** Trials at what was expected of them and what came. */
export function expectationCloud(
  trials: readonly Pick<Expectation, "number" | "expected" | "observed">[],
): PointCloud {
  return {
    x: Float64Array.from(trials, ({ expected }) => expected),
    y: Float64Array.from(trials, ({ observed }) => observed),
    state: new Uint8Array(trials.length).fill(COMPLETED),
    row: Uint32Array.from(trials, ({ number }) => number),
    missing: 0,
  };
}

/** In a sentence, how far expectations can be relied on. */
export function honesty(
  calibration: Pick<Calibration, "kept" | "promised" | "correlation"> | undefined,
): string {
  if (calibration === undefined) return "";
  const { promised, kept, correlation } = calibration;
  const at = promised.indexOf(0.9);
  const share = `${formatPercent(kept[at] ?? NaN)} of trials fell within their 90 % intervals`;
  if (Number.isNaN(correlation)) return `${share}.`;
  const order =
    correlation > 0.7
      ? "which trials would do better was foreseen well"
      : correlation > 0.3
        ? "which trials would do better was foreseen in part"
        : "which trials would do better was hardly foreseen";
  return `${share}; ${order} (rank correlation ${correlation.toFixed(2).replace("-", "−")}).`;
}
