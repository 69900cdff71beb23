const hidden = new Set(["level", "time", "msg", "err"]);

/**
 * One line of the log for people.
 *
 * @example 14:03:07 info  AskTrials 3 ms study=mnist
 */
export function formatForPeople(line: string): string {
  const entry: unknown = JSON.parse(line);
  if (typeof entry !== "object" || entry === null) return line;
  const fields = new Map<string, unknown>(Object.entries(entry));
  const time = new Date(String(fields.get("time")));
  const facts = [...fields]
    .filter(([name]) => !hidden.has(name))
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  const words = [clockTime(time), String(fields.get("level")).padEnd(5), fields.get("msg"), ...facts];
  const text = words.filter((word) => word !== undefined && word !== "").join(" ");
  const stack = stackOf(fields.get("err"));
  return stack === undefined ? `${text}\n` : `${text}\n${stack}\n`;
}

const pad = (value: number) => String(value).padStart(2, "0");

/** Of the reader's own time zone: the text form is for somebody who watches. */
const clockTime = (time: Date) =>
  `${pad(time.getHours())}:${pad(time.getMinutes())}:${pad(time.getSeconds())}`;

/** pino's form of an error. */
function stackOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("stack" in error)) return undefined;
  return typeof error.stack === "string" ? error.stack : undefined;
}
