import type { Duration } from "@bufbuild/protobuf/wkt";
import { whole } from "./message-fields.ts";

/** Units of fields, in seconds. */
export const HOUR = 3_600;
export const MINUTE = 60;

/** A duration as a field shows it, in units of so many seconds: with no more digits than tell its seconds; empty for none. */
export function durationText(duration: Duration | undefined, unit: number): string {
  if (duration === undefined) return "";
  const seconds = Number(duration.seconds);
  for (let digits = 0; ; digits++) {
    const text = (seconds / unit).toFixed(digits);
    if (Math.round(Number(text) * unit) === seconds) return String(Number(text));
  }
}

/** The reverse: whole seconds, or what it was, to the nanosecond, where the field still says so. */
export function durationOf(
  amount: number,
  unit: number,
  before: Duration | undefined,
): Pick<Duration, "seconds"> & Partial<Pick<Duration, "nanos">> {
  if (before !== undefined && Number(durationText(before, unit)) === amount)
    return { seconds: before.seconds, nanos: before.nanos };
  return { seconds: whole(amount * unit) };
}
