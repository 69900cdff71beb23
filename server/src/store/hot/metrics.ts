/** Named numbers as a worker told them. */
export type Metrics = Readonly<Record<string, number>>;

/** Metrics as JSON for a jsonb column. JSON has no NaN and no infinities: they become strings, as in protobuf's JSON. */
export function encodeMetrics(metrics: Metrics): string {
  return JSON.stringify(metrics, (_, value: unknown) =>
    typeof value === "number" && !Number.isFinite(value) ? String(value) : value,
  );
}

/** The inverse of {@link encodeMetrics}, from the parsed column. */
export function decodeMetrics(stored: Readonly<Record<string, number | string>>): Metrics {
  return Object.fromEntries(Object.entries(stored).map(([name, value]) => [name, Number(value)]));
}
