/** Shortest time between two askings, ms. */
const LEAST = 4_000;
/** The server works at most this share of the time for one chart. */
const SHARE = 0.1;

/** How long to wait before asking for an analysis again that took this long, ms. */
export function paceOf(took: number): number {
  return Math.max(LEAST, took / SHARE - took);
}
