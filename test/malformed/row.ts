import { expect } from "vitest";
import { type Answer, type Target, post } from "./target.ts";

/** What a malformed request must be answered with. */
export interface Expected {
  /** As the Connect protocol writes it. @default "invalid_argument" */
  readonly code?: string;
  /** @default the one that the Connect protocol has for the code */
  readonly status?: number;
  /** What the message must say. */
  readonly message: RegExp;
  /** The path of the field in google.rpc.BadRequest, where a field is at fault. */
  readonly field?: string;
  /** asktell.v1.ErrorReason in google.rpc.ErrorInfo. @default "INVALID_REQUEST" for invalid_argument */
  readonly reason?: string;
}

/** One malformed request. */
export interface Row extends Expected {
  /** What is wrong with it. */
  readonly name: string;
  readonly send: (target: Target) => Promise<Answer>;
}

/** A row that posts JSON; a string is sent as it is. */
export function row(name: string, method: string, body: unknown, expected: Expected): Row {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return { name, send: (target) => post(target, method, text), ...expected };
}

/** The Connect protocol's HTTP statuses. */
const statuses: Readonly<Record<string, number>> = {
  invalid_argument: 400,
  failed_precondition: 400,
  out_of_range: 400,
  unauthenticated: 401,
  permission_denied: 403,
  not_found: 404,
  already_exists: 409,
  aborted: 409,
  resource_exhausted: 429,
  unimplemented: 501,
  deadline_exceeded: 504,
};

export async function expectRow(target: Target, { send, code = "invalid_argument", ...expected }: Row) {
  const { status, json, text } = await send(target);
  expect({ code: json.code, status }, text).toEqual({ code, status: expected.status ?? statuses[code] });
  expect(json.message).toMatch(expected.message);
  // Nobody reads more, and gRPC clients cannot.
  expect(text.length).toBeLessThan(8_000);
  const details = (json.details ?? []).map(({ debug }) => debug);
  const reason =
    expected.reason ??
    (code === "invalid_argument" && expected.status === undefined ? "INVALID_REQUEST" : undefined);
  if (reason !== undefined)
    expect(details).toContainEqual(expect.objectContaining({ reason, domain: "asktell" }));
  const fields = details.flatMap((detail) => detail?.fieldViolations ?? []).map(({ field }) => field);
  if (expected.field !== undefined) expect(fields).toContain(expected.field);
}
