/** One or two capital letters for a person: of the first and the last word of the name. */
export function initials(name: string): string {
  const words = name.split(/[\s@._-]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) =>
    word === undefined ? "" : ([...word.normalize("NFC")].find((c) => /[\p{L}\p{N}]/u.test(c)) ?? ""),
  );
  return letters.join("").toUpperCase() || "?";
}
