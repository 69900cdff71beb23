import { type DescEnum, type DescField, type DescMessage, ScalarType, fromJson } from "@bufbuild/protobuf";
import type { JsonValue } from "@bufbuild/protobuf";
import type { FieldProblem } from "../studies/errors.ts";
import { quote } from "./quote.ts";

/**
 * Finds the field for which a JSON value is no message of this type, where the parser only says what type of message
 * and field it was at: narrows the value down by parsing its parts. Undefined if it is a message.
 */
export function jsonProblem(desc: DescMessage, json: unknown, path = ""): FieldProblem | undefined {
  if (parses(desc, json)) return undefined;
  if (!isObject(json)) return problem(path, json, "an object");
  const seen = new Map<string, string>();
  for (const [key, value] of Object.entries(json)) {
    const field = fieldOf(desc, key);
    const at = path === "" ? (field?.name ?? key) : `${path}.${field?.name ?? key}`;
    if (field === undefined) {
      const known = desc.fields.map(({ jsonName }) => jsonName).join(", ") || "none";
      return { field: at, description: `is no field here; the fields are: ${known}` };
    }
    const slot = field.oneof === undefined ? field.name : `oneof ${field.oneof.name}`;
    const before = seen.get(slot);
    if (before !== undefined) {
      const description =
        before === field.name ? "is given twice" : `is given besides ${before}: only one of them can be`;
      return { field: at, description };
    }
    if (value !== null) seen.set(slot, field.name);
    if (!parses(desc, { [key]: value })) return valueProblem(field, value, at);
  }
  return problem(path, json, "an object");
}

/** `value` is known not to parse. */
function valueProblem(field: DescField, value: unknown, path: string): FieldProblem {
  switch (field.fieldKind) {
    case "scalar":
      return problem(path, value, scalars[field.scalar]);
    case "enum":
      return problem(path, value, enumNames(field.enum));
    case "message":
      return messageProblem(field.message, value, path);
    case "list":
      if (!Array.isArray(value)) return problem(path, value, "a list");
      return elementProblem(field, [...value.entries()], path);
    case "map":
      if (!isObject(value)) return problem(path, value, "an object");
      return elementProblem(field, Object.entries(value), path);
  }
}

type Container = Extract<DescField, { fieldKind: "list" | "map" }>;

/** Halves the elements of a list or map until the first one that does not parse is left: there may be a million. */
function elementProblem(field: Container, all: [string | number, unknown][], path: string): FieldProblem {
  const parse = (part: [string | number, unknown][]): boolean => {
    const json = field.fieldKind === "list" ? part.map(([, item]) => item) : Object.fromEntries(part);
    return parses(field.parent, { [field.jsonName]: json });
  };
  let [from, to] = [0, all.length];
  while (to - from > 1) {
    const middle = (from + to) >> 1;
    if (parse(all.slice(from, middle))) from = middle;
    else to = middle;
  }
  const [key, item] = all[from] ?? ["", undefined];
  const at = `${path}[${JSON.stringify(key)}]`;
  if (field.message !== undefined) return messageProblem(field.message, item, at);
  if (field.enum !== undefined) return problem(at, item, enumNames(field.enum));
  return problem(at, item, field.scalar === undefined ? "another value" : scalars[field.scalar]);
}

function messageProblem(desc: DescMessage, value: unknown, path: string): FieldProblem {
  const known = wellKnown[desc.typeName];
  if (known !== undefined) return problem(path, value, known);
  return jsonProblem(desc, value, path) ?? problem(path, value, "an object");
}

function problem(field: string, value: unknown, expected: string): FieldProblem {
  return { field, description: `${show(value)} is not accepted: expected ${expected}` };
}

function show(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (isObject(value)) return "an object";
  return typeof value === "string" ? quote(value) : String(value);
}

function parses(desc: DescMessage, json: unknown): boolean {
  try {
    fromJson(desc, json as JsonValue);
    return true;
  } catch {
    return false;
  }
}

function fieldOf(desc: DescMessage, key: string): DescField | undefined {
  return desc.fields.find(({ name, jsonName }) => name === key || jsonName === key);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function enumNames({ values }: DescEnum): string {
  return `one of ${values.map(({ name }) => name).join(", ")}`;
}

const int32 = "a whole number from -2147483648 to 2147483647";
const uint32 = "a whole number from 0 to 4294967295";
const int64 = "a whole number of at most 64 bits, as a number or in quotes";
const uint64 = "a whole number of at least 0 and at most 64 bits, as a number or in quotes";
const real = 'a number, or "NaN", "Infinity" or "-Infinity"';

const scalars: Record<ScalarType, string> = {
  [ScalarType.DOUBLE]: real,
  [ScalarType.FLOAT]: real,
  [ScalarType.INT32]: int32,
  [ScalarType.SINT32]: int32,
  [ScalarType.SFIXED32]: int32,
  [ScalarType.UINT32]: uint32,
  [ScalarType.FIXED32]: uint32,
  [ScalarType.INT64]: int64,
  [ScalarType.SINT64]: int64,
  [ScalarType.SFIXED64]: int64,
  [ScalarType.UINT64]: uint64,
  [ScalarType.FIXED64]: uint64,
  [ScalarType.BOOL]: "true or false",
  [ScalarType.STRING]: "a text of well-formed Unicode",
  [ScalarType.BYTES]: "base64",
};

const wellKnown: Readonly<Record<string, string>> = {
  "google.protobuf.Duration": 'seconds as text, such as "90s"',
  "google.protobuf.Timestamp": 'a time from year 1 to 9999 as text, such as "2026-01-31T12:00:00Z"',
  "google.protobuf.FieldMask": 'names in lowerCamelCase with commas between them, such as "maxTrials,note"',
  "google.protobuf.Struct": "an object whose parts nest less than 100 deep",
  "google.protobuf.Value": "a value whose parts nest less than 100 deep",
};
