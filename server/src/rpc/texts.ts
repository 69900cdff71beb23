import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import type { FieldProblem } from "../studies/errors.ts";

/**
 * The texts of a message that no text here can be. PostgreSQL keeps neither U+0000 nor half of a character, and one
 * such text would fail the whole statement that it shares with others. JSON lets both in by escapes, protobuf the first.
 */
export function findBadTexts(desc: DescMessage, message: Message): FieldProblem[] {
  const problems: FieldProblem[] = [];
  searchMessage(desc, message, "", problems);
  return problems;
}

type Fields = Readonly<Record<string, unknown>>;

function searchMessage(desc: DescMessage, message: Fields, path: string, problems: FieldProblem[]): void {
  for (const field of desc.fields) {
    const value = valueOf(field, message);
    if (value !== undefined)
      searchField(field, value, path === "" ? field.name : `${path}.${field.name}`, problems);
  }
}

/** The field's value in its message; undefined when another member of its oneof is set, or nothing is. */
export function valueOf(field: DescField, message: Fields): unknown {
  if (field.oneof === undefined) return message[field.localName];
  const chosen = message[field.oneof.localName] as { case?: string; value?: unknown };
  return chosen.case === field.localName ? chosen.value : undefined;
}

function searchField(field: DescField, value: unknown, path: string, problems: FieldProblem[]): void {
  switch (field.fieldKind) {
    case "scalar":
      return checkText(value, path, problems);
    case "message":
      return searchSubmessage(field.message, value, path, problems);
    case "list": {
      const items = value as readonly unknown[];
      items.forEach((item, index) => searchItem(field.message, item, `${path}[${index}]`, problems));
      return;
    }
    case "map":
      for (const [key, item] of Object.entries(value as Fields)) {
        checkText(key, `${path} (a name in it)`, problems);
        searchItem(field.message, item, `${path}[${JSON.stringify(key)}]`, problems);
      }
  }
}

function searchItem(
  desc: DescMessage | undefined,
  item: unknown,
  path: string,
  problems: FieldProblem[],
): void {
  if (desc === undefined) checkText(item, path, problems);
  else searchSubmessage(desc, item, path, problems);
}

function searchSubmessage(desc: DescMessage, value: unknown, path: string, problems: FieldProblem[]): void {
  // The one message that generated code represents as plain JSON.
  if (desc.typeName === "google.protobuf.Struct") searchJson(value, path, problems);
  else if (desc.typeName === "google.protobuf.Value") searchValue(value as Fields, path, problems);
  else searchMessage(desc, value as Fields, path, problems);
}

/** A Value is a oneof; its path should read as JSON does, without the oneof's names. */
function searchValue({ kind }: Fields, path: string, problems: FieldProblem[]): void {
  const { case: which, value } = kind as { case?: string; value?: unknown };
  if (which === "stringValue") checkText(value, path, problems);
  else if (which === "structValue") searchJson(value, path, problems);
  else if (which === "listValue")
    (value as { values: readonly Fields[] }).values.forEach((item, index) =>
      searchValue(item, `${path}[${index}]`, problems),
    );
}

function searchJson(value: unknown, path: string, problems: FieldProblem[]): void {
  if (typeof value === "string") return checkText(value, path, problems);
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    value.forEach((item, index) => searchJson(item, `${path}[${index}]`, problems));
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    checkText(key, `${path} (a name in it)`, problems);
    searchJson(item, `${path}.${key}`, problems);
  }
}

function checkText(value: unknown, field: string, problems: FieldProblem[]): void {
  if (typeof value !== "string") return;
  if (value.includes("\0"))
    problems.push({ field, description: "holds the character U+0000, which no text here can contain" });
  else if (!value.isWellFormed())
    problems.push({ field, description: "holds half of a surrogate pair: expected well-formed Unicode" });
}
