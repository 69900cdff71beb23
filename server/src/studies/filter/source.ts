import { type StudyError, invalid } from "../errors.ts";

/** A text that a user wrote, and the request's field that held it. */
export interface Source {
  readonly field: "filter" | "order_by";
  readonly text: string;
}

/** The names that a study declares; metrics need no declaration. */
export interface KnownNames {
  /** In the study's order, which is that of the values. */
  readonly objectives: readonly string[];
  readonly parameters: readonly string[];
}

/** The refusal of a text at an offset into it; `problem` says what was found and what is accepted. */
export function refusal(source: Source, offset: number, problem: string): StudyError {
  // People count characters, not UTF-16 units.
  const position = Array.from(source.text.slice(0, offset)).length + 1;
  return invalid([{ field: source.field, description: `at character ${position}: ${problem}` }]);
}

/** Text as a message shows it: quoted, without control characters, short. */
export function shown(text: string): string {
  const characters = Array.from(text);
  return JSON.stringify(characters.length > 40 ? `${characters.slice(0, 40).join("")}…` : text);
}

/** A list of names as a message shows it. */
export function listed(names: readonly string[]): string {
  const most = 20;
  const first = names.slice(0, most).map(shown).join(", ");
  return names.length > most ? `${first} and ${names.length - most} more` : first;
}

/** Refuses a text that is too long, or has characters that PostgreSQL cannot hold. */
export function checkText(source: Source, maxCharacters: number): void {
  const { text } = source;
  const refused = (description: string) => invalid([{ field: source.field, description }]);
  // A character has one or two UTF-16 units, so only texts between need counting.
  if (text.length > 2 * maxCharacters)
    throw refused(`is too long: at most ${maxCharacters} characters are accepted`);
  const length = text.length > maxCharacters ? Array.from(text).length : 0;
  if (length > maxCharacters)
    throw refused(`has ${length} characters; at most ${maxCharacters} are accepted`);
  const nul = text.indexOf("\0");
  if (nul >= 0) throw refusal(source, nul, "found the character U+0000, which no text here can contain");
  if (!text.isWellFormed()) {
    const half = text
      .toWellFormed()
      .split("")
      .findIndex((unit, index) => unit !== text[index]);
    throw refusal(source, half, "found half of a surrogate pair, which is no character");
  }
}
