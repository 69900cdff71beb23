import { isStorable } from "./storable-text.ts";

/** A JSON value; whole numbers beyond 2^53 stay exact as bigints, and NaN and infinities are numbers. */
export type Json = null | boolean | number | bigint | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** An object as it arrived. */
export interface ParsedObject {
  readonly value: JsonObject;
  /** The text of each member's value, untouched: `10.0` stays `10.0`, which Python tells from `10`. */
  readonly texts: ReadonlyMap<string, string>;
}

/** Text that is no acceptable JSON object; the message says why, for people. */
export class JsonProblem extends Error {
  override readonly name = "JsonProblem";
}

/**
 * Deepest nesting. Attributes are read back as protobuf's Struct, of which a level takes three messages, and readers in C++ and
 * Python stop at 100.
 */
const maxDepth = 24;

/** Longest whole number that is kept digit by digit; parsing takes time quadratic in it. */
const maxDigits = 64;

/*
 * Python's json.dumps writes NaN, Infinity and -Infinity as bare words. Each is swapped for a number that no double prints as, and
 * recognised by its source text when the built-in parser has done the rest. A relaxed grammar such as JSON5's would also let
 * through what Python never sends, and would lose the numbers' texts.
 */
const words = [
  { word: "NaN", stand: "0e99998", value: NaN },
  { word: "Infinity", stand: "1e99998", value: Infinity },
  { word: "-Infinity", stand: "-1e99998", value: -Infinity },
] as const;
const wordsByFirst = new Map<string, (typeof words)[number]>(
  words.map((entry) => [entry.word.charAt(0), entry]),
);
const valueOfStand: ReadonlyMap<string, number> = new Map(words.map(({ stand, value }) => [stand, value]));

/** Reads an object as Python's `json.dumps` writes it. @throws JsonProblem */
export function parseObject(text: string): ParsedObject {
  const { strict, members } = scan(text);
  let value: unknown;
  try {
    value = JSON.parse(strict, (key, inner: unknown, context?: { readonly source?: string }) => {
      checkText(key);
      if (typeof inner === "string") checkText(inner);
      return typeof inner === "number" ? numberOf(inner, context?.source ?? "") : inner;
    });
  } catch (error) {
    if (error instanceof JsonProblem) throw error;
    throw new JsonProblem("the body is not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new JsonProblem("the body is JSON, but not an object");
  }
  const texts = members.map(
    ([key, from, to]) => [String(JSON.parse(key)), text.slice(from, to).trim()] as const,
  );
  // The reviver above makes nothing but Json.
  return { value: value as JsonObject, texts: new Map(texts) };
}

function numberOf(parsed: number, source: string): number | bigint {
  const word = valueOfStand.get(source);
  if (word !== undefined) return word;
  const isInexact = !Number.isSafeInteger(parsed) && /^-?\d+$/.test(source);
  return isInexact && source.length <= maxDigits ? BigInt(source) : parsed;
}

function checkText(text: string): void {
  if (isStorable(text)) return;
  throw new JsonProblem(`${JSON.stringify(text.slice(0, 100))} holds a character that cannot be stored`);
}

/** A member of the outermost object: its key as written, and where its value begins and ends. */
type Member = readonly [key: string, from: number, to: number];

/** One pass over the text, so that its time is linear whatever the text: strict JSON, and the outermost members. */
function scan(text: string): { strict: string; members: Member[] } {
  const members: Member[] = [];
  let strict = "";
  let copied = 0;
  let depth = 0;
  let lastString = "";
  let open: { readonly key: string; readonly from: number } | undefined;
  const close = (at: number): void => {
    if (depth === 1 && open !== undefined) members.push([open.key, open.from, at]);
    if (depth === 1) open = undefined;
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '"') {
      const start = at;
      for (at++; at < text.length && text[at] !== '"'; at++) if (text[at] === "\\") at++;
      lastString = depth === 1 && open === undefined ? text.slice(start, at + 1) : lastString;
    } else if (char === "{" || char === "[") {
      if (++depth > maxDepth) throw new JsonProblem(`the body is nested deeper than ${maxDepth} levels`);
    } else if (char === "}" || char === "]") {
      close(at);
      depth--;
    } else if (char === ",") {
      close(at);
    } else if (char === ":") {
      if (depth === 1 && open === undefined) open = { key: lastString, from: at + 1 };
    } else {
      const found = char === undefined ? undefined : wordsByFirst.get(char);
      if (found === undefined || !text.startsWith(found.word, at)) continue;
      // Spaces around it, so that it cannot grow together with garbage beside it.
      strict += `${text.slice(copied, at)} ${found.stand} `;
      at += found.word.length - 1;
      copied = at + 1;
    }
  }
  return { strict: strict + text.slice(copied), members };
}

/** JSON with sorted keys and shortest numbers, so that equal values have equal texts (as RFC 8785; NaN by its name). */
export function canonicalJson(value: Json): string {
  if (typeof value === "number") return Number.isFinite(value) ? JSON.stringify(value) : String(value);
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`).join(",")}}`;
}

/** The value as plain JSON for attributes: what plain JSON cannot say becomes text. */
export function plainJson(value: Json): unknown {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value !== "object" || value === null) return value;
  if (isList(value)) return value.map(plainJson);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainJson(inner)]));
}

/** A value in a message for people, cut. */
export function showJson(value: Json): string {
  if (typeof value === "bigint" || typeof value === "number") return String(value);
  return (
    JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? String(inner) : inner)) ?? ""
  ).slice(0, 200);
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
