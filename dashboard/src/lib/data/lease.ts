/** A lease as last heard of, in milliseconds since 1970. */
export interface Lease {
  readonly ends: number;
  /** When its worker last asked, reported or renewed. */
  readonly seen: number;
}

/** The share of a lease that may remain before its worker counts as silent, and the longest such time, in milliseconds. */
const LAST = { share: 0.25, longest: 60_000 };

/** Whether a lease is about to end, or has: its worker has not been heard of for most of it. */
export function isEnding({ ends, seen }: Lease, now: number): boolean {
  const whole = ends - seen;
  const last = Number.isNaN(whole) ? LAST.longest : Math.min(LAST.longest, LAST.share * whole);
  return ends - now < last;
}
