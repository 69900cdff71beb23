import { type JsonObject, fromJson } from "@bufbuild/protobuf";
import {
  type Duration,
  type Timestamp,
  type Value,
  ValueSchema,
  durationFromMs,
  durationMs,
} from "@bufbuild/protobuf/wkt";
import type { ParameterValue, Params } from "../optimizer/space/parameter.ts";
import { type FieldProblem, invalid } from "../studies/errors.ts";

/** A parameter value from the wire's Value; undefined for lists and objects, which no parameter takes. */
export function parameterValue(value: Value): ParameterValue | undefined {
  switch (value.kind.case) {
    case "numberValue":
    case "stringValue":
    case "boolValue":
      return value.kind.value;
    case "nullValue":
      return null;
    default:
      return undefined;
  }
}

/** A parameter value as the wire's Value. */
export function wireValue(value: ParameterValue): Value {
  return fromJson(ValueSchema, value);
}

/**
 * Parameter values from the wire's Struct.
 *
 * @param field - path of the Struct in the request
 * @throws StudyError PARAMETER_OUT_OF_DOMAIN for lists and objects
 */
export function paramsOf(struct: JsonObject | undefined, field: string): Params {
  const problems: FieldProblem[] = [];
  const params: [string, ParameterValue][] = [];
  for (const [name, value] of Object.entries(struct ?? {})) {
    if (typeof value === "object" && value !== null) {
      problems.push({
        field: `${field}.${name}`,
        description: "is a list or an object: expected a number, a text, true, false or null",
      });
    } else {
      params.push([name, value]);
    }
  }
  if (problems.length > 0) throw invalid(problems, "PARAMETER_OUT_OF_DOMAIN");
  // Not by assignment, which would lose the name __proto__.
  return Object.fromEntries(params);
}

/** The largest JSON text of attributes, bytes. */
const maxAttributes = 65_536;

/** @throws StudyError INVALID_REQUEST for attributes that are too large to keep */
export function attributesOf(struct: JsonObject | undefined, field: string): JsonObject {
  const size = Buffer.byteLength(JSON.stringify(struct ?? {}));
  if (size > maxAttributes)
    throw invalid([{ field, description: `takes ${size} bytes as JSON: expected at most ${maxAttributes}` }]);
  return struct ?? {};
}

/** Stored attributes as the wire's Struct: what came in as JSON goes out as JSON. */
export function structOf(stored: Readonly<Record<string, unknown>>): JsonObject {
  return stored as JsonObject;
}

/** Seconds of a duration; undefined when there is none. */
export function secondsOf(duration: Duration | undefined): number | undefined {
  return duration === undefined ? undefined : durationMs(duration) / 1_000;
}

/** A duration of so many seconds; absent for undefined. */
export function durationOf(seconds: number | undefined): Duration | undefined {
  return seconds === undefined ? undefined : durationFromMs(seconds * 1_000);
}

/** What stands where a parameter value should, for messages to people. */
export function nameKind({ kind }: Value): string {
  switch (kind.case) {
    case "listValue":
      return "a list";
    case "structValue":
      return "an object";
    case undefined:
      return "a value of no kind";
    default:
      return String(kind.value);
  }
}

/** What a Timestamp can say, in ms since 1970. */
const firstTime = Date.parse("0001-01-01T00:00:00Z");
const lastTime = Date.parse("9999-12-31T23:59:59.999Z");

/**
 * The date of a timestamp, to the millisecond; undefined when there is none.
 *
 * @param field - path of the timestamp in the request
 * @throws StudyError INVALID_REQUEST for a time outside the years 1 to 9999: no answer could hold it
 */
export function timeOf(timestamp: Timestamp | undefined, field: string): Date | undefined {
  if (timestamp === undefined) return undefined;
  const { seconds, nanos } = timestamp;
  const ms = Number(seconds) * 1_000 + Math.floor(nanos / 1_000_000);
  if (nanos >= 0 && nanos < 1e9 && ms >= firstTime && ms <= lastTime) return new Date(ms);
  const found = `${seconds} s and ${nanos} ns since 1970`;
  throw invalid([
    { field, description: `is ${found}: expected a time in the years 1 to 9999, with 0 to 999999999 ns` },
  ]);
}
