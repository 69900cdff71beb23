/** How long tokens and links are usually meant to work, in days. */
export const dayLengths = [1, 7, 30, 90, 365] as const;

/** The bounds that the API has, in days. */
export const [leastDays, mostDays] = [1, 365] as const;

/** "a day", "30 days", "a year". */
export function lengthLabel(days: number): string {
  return days === 1 ? "a day" : days === 365 ? "a year" : `${days} days`;
}

/** What is wrong with a length that somebody typed; undefined: nothing. */
export function lengthProblem(text: string): string | undefined {
  const days = Number(text);
  if (text.trim() === "" || !Number.isFinite(days)) return "A number of days is needed.";
  if (!Number.isInteger(days)) return "Whole days are needed.";
  return days < leastDays || days > mostDays ? `From ${leastDays} to ${mostDays} days.` : undefined;
}
