/** A field to spread into a message: none when there is no value. */
export function defined<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, V>);
}

/** The nearest whole number, as 64-bit fields want it; 0 for what is no number. */
export function whole(value: number): bigint {
  return BigInt(Number.isFinite(value) ? Math.round(value) : 0);
}
