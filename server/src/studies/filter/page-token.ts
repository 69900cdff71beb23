import { createHash } from "node:crypto";
import type {
  SortKey,
  TrialCursor,
  TrialField,
  TrialFilter,
  TrialOrder,
} from "../../store/hot/trial-query.ts";
import { invalid } from "../errors.ts";
import { printFilter, printOrder } from "./print.ts";

/** The list that a page belongs to: its token serves no other. */
export interface PagedList {
  readonly studyId: number;
  readonly filter: TrialFilter | undefined;
  readonly order: TrialOrder;
}

/** What the API accepts. */
const maxTokenCharacters = 500;

/**
 * A cursor as opaque text: base64url of a checksum and a JSON list of the query's digest, the trial's number, and its sort keys.
 * Nothing in it is secret, and the checksum only finds mistakes: whoever makes up a token chooses where a page of a list
 * that they may read begins.
 */
export function encodePageToken(list: PagedList, cursor: TrialCursor): string {
  const keys = [...cursor.keys];
  for (;;) {
    const token = pack(JSON.stringify([digest(list), cursor.number, ...keys.map(encodeKey)]));
    if (token.length <= maxTokenCharacters) return token;
    // Long texts are read again from the trial. Without texts, a token with the most keys that an order has is far shorter.
    const lengths = keys.map((key) => (typeof key === "string" ? key.length : -1));
    keys[lengths.indexOf(Math.max(...lengths))] = undefined;
  }
}

/**
 * The inverse of {@link encodePageToken}; undefined for the empty token of the first page.
 *
 * @throws StudyError INVALID_REQUEST when the text is no token, or the token of another list
 */
export function decodePageToken(list: PagedList, token: string): TrialCursor | undefined {
  if (token === "") return undefined;
  const content = unpack(token);
  if (!Array.isArray(content)) throw refused(noToken);
  const [owner, number, ...written] = content as unknown[];
  if (owner !== digest(list)) throw refused(otherList);
  if (!isNumber(number) || !Number.isInteger(number) || number < 0 || number > 0x7fffffff)
    throw refused(noToken);
  if (written.length !== list.order.length) throw refused(noToken);
  return { number, keys: list.order.map(({ field }, index) => decodeKey(field, written[index])) };
}

const noToken =
  "is not as ListTrials answered it: send next_page_token unchanged, or none for the first page";
const otherList =
  "belongs to a list with another study, filter or order_by: repeat those of its first page, or send none for a new first page";

function refused(description: string): Error {
  return invalid([{ field: "page_token", description }]);
}

function digest({ studyId, filter, order }: PagedList): string {
  const query = JSON.stringify([studyId, filter === undefined ? "" : printFilter(filter), printOrder(order)]);
  return createHash("sha256").update(query).digest("base64url").slice(0, 12);
}

function checksum(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 8);
}

function pack(text: string): string {
  return Buffer.from(checksum(text) + text).toString("base64url");
}

function unpack(token: string): unknown {
  const bytes = Buffer.from(token, "base64url");
  const text = bytes.toString();
  const content = text.slice(8);
  if (bytes.toString("base64url") !== token || checksum(content) !== text.slice(0, 8)) throw refused(noToken);
  try {
    return JSON.parse(content);
  } catch {
    throw refused(noToken);
  }
}

/** Text has a quote in front of it, so that it differs from what JSON has no words for. */
function encodeKey(key: SortKey | undefined): SortKey {
  if (key === undefined) return "?";
  if (typeof key === "string") return `'${key}`;
  return typeof key === "number" && !Number.isFinite(key) ? String(key) : key;
}

function decodeKey(field: TrialField, written: unknown): SortKey | undefined {
  if (written === "?") return undefined;
  const key = written === "Infinity" ? Infinity : written === "-Infinity" ? -Infinity : written;
  if (
    typeof key === "string" &&
    key.startsWith("'") &&
    (field.kind === "worker" || field.kind === "params")
  ) {
    if (key.includes("\0") || !key.isWellFormed()) throw refused(noToken);
    return key.slice(1);
  }
  switch (field.kind) {
    case "number":
    case "attempt":
    case "state":
      if (Number.isSafeInteger(key)) return key as number; // isSafeInteger accepts numbers only.
      break;
    case "values":
    case "metrics":
      if (key === null || isNumber(key)) return key;
      break;
    case "params":
      if (key === null || typeof key === "boolean" || (isNumber(key) && Number.isFinite(key))) return key;
      break;
  }
  throw refused(noToken);
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}
