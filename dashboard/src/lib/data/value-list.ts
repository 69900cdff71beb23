import type { JsonValue } from "@bufbuild/protobuf";

/** The parts of a list as it is typed, separated by commas or lines. What is in double quotes is one part, with its quotes. */
export function splitList(text: string): string[] {
  const parts = text.match(/\s*"(?:[^"\\]|\\.)*"\s*(?=[,\n]|$)|[^,\n]+/g) ?? [];
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

/** Numbers, true, false and null are read as such; everything else is text, with or without quotes. */
export function readValue(text: string): JsonValue {
  if (text === "true" || text === "false" || text === "null") return JSON.parse(text) as JsonValue;
  const value = Number(text);
  if (Number.isFinite(value) && /\d/.test(text)) return value;
  try {
    const quoted: unknown = JSON.parse(text);
    return typeof quoted === "string" ? quoted : text;
  } catch {
    return text;
  }
}

/** A value as one would type it in a list: in quotes where it would be read as something else without. */
export function valueText(value: JsonValue): string {
  if (typeof value !== "string") return JSON.stringify(value);
  const [only, ...others] = splitList(value);
  const isPlain = others.length === 0 && only === value && readValue(value) === value;
  return isPlain ? value : JSON.stringify(value);
}
