/** The database's clock when a statement ran, as an SQL expression: microseconds since 1970, which a double holds exactly until 2255. */
export const nowMicros = "(extract(epoch from now()) * 1000000)::bigint";

/** A time in microseconds as a Date, cut to its millisecond, as node-postgres cuts a timestamptz. */
export function dateOfMicros(micros: number): Date {
  return new Date(Math.floor(micros / 1_000));
}

/** When a lease ends that a statement has given or renewed: as it wrote `now() + make_interval(secs => lease_seconds)`. */
export function leaseEnd(micros: number, leaseSeconds: number): Date {
  return dateOfMicros(micros + Math.round(leaseSeconds * 1_000_000));
}
