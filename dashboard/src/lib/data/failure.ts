/** The last line of what a worker said of its failure: of a stack trace it is the one that tells. Cut at 160 characters. */
export function briefFailure(text: string): string {
  const line = text.trim().split("\n").at(-1) ?? "";
  return line.length > 160 ? `${line.slice(0, 159)}…` : line;
}
