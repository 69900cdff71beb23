import { TokenFieldError } from "../identity/index.ts";

/** What to print for a command that failed: a sentence for what can be expected, a stack for a fault of the program. */
export function describeFailure(error: unknown): string {
  if (error instanceof TokenFieldError) return `asktell: the ${error.field} ${error.message}.`;
  if (!(error instanceof Error)) return `asktell: ${String(error)}`;
  return `asktell: ${isFault(error) ? (error.stack ?? error.message) : error.message}`;
}

/** The kinds that the language itself throws, unless Node did for a reason that it names. */
function isFault(error: Error): boolean {
  const faults = [TypeError, RangeError, ReferenceError, SyntaxError];
  return faults.some((kind) => error instanceof kind) && !("code" in error);
}
