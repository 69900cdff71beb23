/** One or two capital letters for a person: of the first and the last word of the name. */
export function initials(name: string): string {
  const words = name.split(/[\s@._-]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  const letters = ends.map((word) => /[\p{L}\p{N}]/u.exec(word?.normalize("NFC") ?? "")?.[0] ?? "");
  return letters.join("").toUpperCase() || "?";
}
