import type { DescEnum, Message } from "@bufbuild/protobuf";
import { type Duration, durationMs } from "@bufbuild/protobuf/wkt";
import type { Path } from "@bufbuild/protobuf/reflect";
import type { Violation } from "@bufbuild/protovalidate";
import { quote } from "./quote.ts";
import { valueOf } from "./texts.ts";

/** A broken rule in words: the value that was found, and what is accepted. */
export function describeViolation(message: Message, violation: Violation): string {
  const { field, message: rule, ruleId, forKey } = violation;
  const last = field.at(-1);
  if (last?.kind === "oneof")
    return `is missing: expected one of ${last.fields.map(({ name }) => name).join(", ")}`;
  if (ruleId === "required") return "is missing";
  const type = enumAt(field);
  const shown =
    forKey && last?.kind === "map_sub" ? show(last.key, undefined) : show(valueAt(message, field), type);
  const expected = type === undefined ? rule || `breaks the rule ${ruleId}` : expectedOf(type, rule, ruleId);
  return shown === "" ? expected : `${shown} is not accepted: ${expected}`;
}

function valueAt(message: Message, path: Path): unknown {
  let value: unknown = message;
  for (const part of path) {
    if (typeof value !== "object" || value === null) return undefined;
    if (part.kind === "field") value = valueOf(part, value as Readonly<Record<string, unknown>>);
    else if (part.kind === "list_sub") value = (value as readonly unknown[])[part.index];
    else if (part.kind === "map_sub") value = (value as Readonly<Record<string, unknown>>)[String(part.key)];
    else return undefined;
  }
  return value;
}

/** The enum of the field, or of the list that the path ends in. */
function enumAt(path: Path): DescEnum | undefined {
  const field = path.findLast((part) => part.kind === "field");
  return field?.enum;
}

function expectedOf({ values }: DescEnum, rule: string, ruleId: string): string {
  // Rules speak of an enum's numbers, people of its names.
  const excluded = ruleId === "enum.not_in" ? (/\[(.*)\]/.exec(rule)?.[1] ?? "").split(", ").map(Number) : [];
  const names = values.filter(({ number }) => !excluded.includes(number)).map(({ name }) => name);
  return `must be one of ${names.join(", ")}`;
}

function show(value: unknown, type: DescEnum | undefined): string {
  switch (typeof value) {
    case "string":
      return quote(value);
    case "number":
      return type?.values.find(({ number }) => number === value)?.name ?? String(value);
    case "bigint":
    case "boolean":
      return String(value);
    case "object":
      return isDuration(value) ? `${durationMs(value) / 1_000}s` : "";
    default:
      return "";
  }
}

function isDuration(value: object | null): value is Duration {
  return value !== null && "$typeName" in value && value.$typeName === "google.protobuf.Duration";
}
