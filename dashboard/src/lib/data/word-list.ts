/** Words of an address with commas between them. A word that has a comma, as names of parameters may, has it encoded. */
export function readWords(list: string): ReadonlySet<string> {
  const words = list.split(",").filter((word) => word !== "");
  return new Set(words.map((word) => word.replaceAll(/%2C|%25/g, decodeURIComponent)));
}

/** The list with a word put in or taken out. */
export function toggleWord(words: ReadonlySet<string>, word: string): string {
  const others = [...words].filter((other) => other !== word);
  return (words.has(word) ? others : [...others, word])
    .map((each) => each.replaceAll(/[%,]/g, encodeURIComponent))
    .join(",");
}
