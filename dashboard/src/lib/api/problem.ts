import { Code, ConnectError } from "@connectrpc/connect";
import { BadRequestSchema, ErrorInfoSchema } from "@asktell/proto/google/rpc/error_details_pb";

/** What went wrong, in words for people, and what to do about it. */
export interface Problem {
  /** What happened: the server's own sentence where there is one. */
  readonly text: string;
  /** What the reader can do. */
  readonly advice: string;
  /** The cause by name, such as `STUDY_NOT_FOUND`. */
  readonly reason: string | undefined;
  /** Messages by field of the request, for forms. */
  readonly fields: ReadonlyMap<string, string>;
  /** Whether the same call may succeed later by itself. */
  readonly temporary: boolean;
}

const advice: Partial<Record<Code, string>> = {
  [Code.Unauthenticated]: "Sign in again with a token that is valid.",
  [Code.PermissionDenied]: "Use a token with a wider scope, or ask whoever runs this server.",
  [Code.NotFound]: "It may have been deleted. Go back to the list of studies.",
  [Code.AlreadyExists]: "Choose another name.",
  [Code.InvalidArgument]: "Correct the fields named and send it again.",
  [Code.ResourceExhausted]: "The server asks for a pause. It will be tried again shortly.",
  [Code.Unavailable]: "The server cannot be reached, or it is starting. It will be tried again shortly.",
  [Code.Unimplemented]: "This server is older than this page. Reload the page, or update the server.",
  [Code.Internal]: "Try again. If it stays so, tell whoever runs this server.",
};

/** Where the cause says more than the code. */
const reasonAdvice: Readonly<Record<string, string>> = {
  SESSION_ENDED: "You return to this page.",
  ETAG_MISMATCH: "Look at how it is now, and repeat your change if it still makes sense.",
  TRIAL_STATE: "Look at how it is now.",
  LIMIT_REACHED: "The limits are in the settings.",
  CROSS_ORIGIN: "Open the dashboard at the address that whoever runs this server gave it.",
};

const temporary: ReadonlySet<Code> = new Set([
  Code.Unavailable,
  Code.ResourceExhausted,
  Code.DeadlineExceeded,
  Code.Aborted,
  Code.Unknown,
]);

/** Turns whatever a call threw into words. */
export function describeProblem(error: unknown): Problem {
  const cause = ConnectError.from(error);
  const info = cause.findDetails(ErrorInfoSchema)[0];
  const violations = cause.findDetails(BadRequestSchema).flatMap((detail) => detail.fieldViolations);
  // Chromium's and Firefox's words for a call, and those for a file of the page that holds the client of the call.
  const offline = /^Failed to fetch|NetworkError|dynamically imported module/.test(cause.rawMessage);
  return {
    text: offline ? "The server does not answer." : sentence(cause.rawMessage),
    advice: offline
      ? "Check that it is running and that this machine is online."
      : (reasonAdvice[info?.reason ?? ""] ?? advice[cause.code] ?? "Try again."),
    reason: info?.reason,
    fields: new Map(violations.map((violation) => [violation.field, violation.description])),
    temporary: offline || temporary.has(cause.code),
  };
}

/** A refusal whose fields are all marked in a form: in a few words, since the rest is said there. */
export function besideFields(problem: Problem): Problem {
  if (problem.fields.size === 0) return problem;
  return {
    ...problem,
    text: "Not everything is accepted.",
    advice: "Correct what is marked and send it again.",
  };
}

function sentence(text: string): string {
  if (text === "") return "The server refused without saying why.";
  // The path of a field stays as it is.
  const isPath = /^\w+[.[]\S*:/.test(text);
  const first = isPath ? text : text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
