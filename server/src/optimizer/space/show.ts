/** A value as people read it in a message; NaN and infinities, which JSON lacks, by name. */
export function show(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "number" ? String(value) : JSON.stringify(value);
}

/** Of a list in a message: values that are shown, and characters of each. */
const [mostShown, mostCharacters] = [40, 80];

/**
 * Values in a message, separated by commas; of many the first ones and how many there are besides. There may be thousands, and a request may
 * be wrong in thousands of places.
 */
export function showList(values: readonly string[]): string {
  const shown = values.slice(0, mostShown).map(cut).join(", ");
  return values.length > mostShown ? `${shown} and ${values.length - mostShown} more` : shown;
}

const cut = (text: string): string => {
  if (text.length <= mostCharacters) return text;
  return `${text.slice(0, mostCharacters).toWellFormed()}…`;
};
