/** Whether PostgreSQL can keep a text: it has no NUL, and its encoding no half of a surrogate pair. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}
