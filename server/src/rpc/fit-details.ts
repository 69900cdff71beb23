import { clip } from "../http/clip.ts";
import type { FieldProblem } from "../studies/errors.ts";

/**
 * gRPC clients read at most 8 KiB of trailers unless told otherwise, and report a failure of their own when an error is
 * larger. The message is in the trailers twice (percent-encoded, and in the details, which are base64), so this leaves room
 * for text that is all beyond ASCII.
 */
const maxMessage = 500;
const maxField = 160;
const maxDescription = 400;
const maxProblems = 16;
const maxProblemsBytes = 2_000;
const maxMetadataValue = 700;

/**
 * What an error says, so short that every client gets to see it: requests may hold megabytes and errors quote them.
 *
 * @param first - the problem that the message begins with: a long path must not cut off what is wrong there
 */
export function fitMessage(message: string, first?: FieldProblem): string {
  const path = first?.field ?? "";
  const isLong = path.length > maxField && message.startsWith(path);
  const text = clip(isLong ? clip(path, maxField) + message.slice(path.length) : message, maxMessage);
  // Percent-encoding triples what is beyond ASCII.
  return Buffer.byteLength(text) > 1.4 * maxMessage ? clip(text, maxMessage / 2) : text;
}

/** As many of the problems as fit, the first ones; the message says how many there are. */
export function fitProblems(problems: readonly FieldProblem[]): FieldProblem[] {
  const fitting: FieldProblem[] = [];
  let bytes = 0;
  for (const problem of problems.slice(0, maxProblems)) {
    const field = clip(problem.field, maxField);
    const description = clip(problem.description, maxDescription);
    bytes += Buffer.byteLength(field) + Buffer.byteLength(description);
    if (fitting.length > 0 && bytes > maxProblemsBytes) break;
    fitting.push({ field, description });
  }
  return fitting;
}

export function fitMetadata(metadata: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata).map(([name, value]) => [name, clip(value, maxMetadataValue)]),
  );
}
