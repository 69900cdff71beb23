/** The API's own limit on attributes, bytes of JSON. */
const maxBytes = 65_536;

/** Attributes within the limit: the largest entries make room, and say so in their place. */
export function fitAttributes(
  attributes: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const entries = Object.entries(attributes).map(([key, value]) => ({ key, value, bytes: bytesOf(value) }));
  let total = bytesOf(attributes);
  const left = new Map<string, string>();
  for (const { key, bytes } of entries.toSorted((a, b) => b.bytes - a.bytes)) {
    if (total <= maxBytes) break;
    const instead = `left out here: ${bytes} bytes`;
    left.set(key, instead);
    total += bytesOf(instead) - bytes;
  }
  // Thousands of short entries, of which the longest were shortened in vain, go as a whole.
  if (total > maxBytes) return { omitted: `${entries.length} entries of ${bytesOf(attributes)} bytes` };
  return Object.fromEntries(entries.map(({ key, value }) => [key, left.get(key) ?? value]));
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
