import { TellTrialRequestSchema } from "@asktell/proto/asktell/v1/trial_service_pb";
import {
  BadRequestSchema,
  ErrorInfoSchema,
  RetryInfoSchema,
} from "@asktell/proto/google/rpc/error_details_pb";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { TokenError } from "../identity/index.ts";
import { StoreUnavailableError } from "../store/retry.ts";
import { StudyError, invalid } from "../studies/errors.ts";
import { explainUnwritten, isFinished, toRpcError } from "./errors.ts";

function seen(thrown: unknown, json?: string) {
  const { error, unforeseenId } = toRpcError(thrown, {
    input: TellTrialRequestSchema,
    json: () => json ?? "",
  });
  const { code, rawMessage } = error;
  const [info] = error.findDetails(ErrorInfoSchema);
  const fields = error.findDetails(BadRequestSchema).flatMap(({ fieldViolations }) => fieldViolations);
  return {
    code,
    text: rawMessage,
    reason: info?.reason,
    fields: fields.map(({ field }) => field),
    unforeseenId,
    error,
  };
}

describe("what is thrown becomes what clients see:", () => {
  test("a refusal with its cause and its fields", () => {
    expect(seen(invalid([{ field: "a.b", description: "is 7: expected 8" }]))).toMatchObject({
      code: Code.InvalidArgument,
      text: "a.b: is 7: expected 8",
      reason: "INVALID_REQUEST",
      fields: ["a.b"],
    });
    expect(seen(new StudyError("LEASE_LOST", "gone"))).toMatchObject({
      code: Code.Aborted,
      reason: "LEASE_LOST",
    });
    expect(seen(new TokenError("TOKEN_EXPIRED", "over"))).toMatchObject({ code: Code.Unauthenticated });
  });

  test("a database that is away, with when to try again", () => {
    const { error, code } = seen(new StoreUnavailableError("unreachable", false, undefined));
    expect(code).toBe(Code.Unavailable);
    expect(error.findDetails(RetryInfoSchema)).toHaveLength(1);
    expect(error.metadata.get("retry-after")).toBe("1");
  });

  test("anything unforeseen as an id for the log, and nothing else", () => {
    const { code, text, unforeseenId, reason } = seen(new TypeError("secret of the database"));
    expect({ code, reason }).toEqual({ code: Code.Internal, reason: "INTERNAL" });
    expect(text).toContain(unforeseenId);
    expect(text).not.toContain("secret");
  });
});

describe("errors that Connect raises by itself get a cause, in place:", () => {
  test("binary that does not parse is the sender's mistake", () => {
    const raised = new ConnectError("parse binary: premature EOF", Code.Internal);
    const { error, code, text, reason, unforeseenId } = seen(raised);
    expect(error).toBe(raised);
    expect({ code, reason, unforeseenId }).toEqual({
      code: Code.InvalidArgument,
      reason: "INVALID_REQUEST",
      unforeseenId: undefined,
    });
    expect(text).toBe("the request is no asktell.v1.TellTrialRequest message: premature EOF");
    expect(isFinished(raised)).toBe(true);
  });

  test("JSON that is no message names the field", () => {
    const raised = () => new ConnectError("cannot decode field x from JSON: no", Code.InvalidArgument);
    expect(seen(raised(), '{"values":[1,"two"]}')).toMatchObject({
      text: 'values[1]: "two" is not accepted: expected a number, or "NaN", "Infinity" or "-Infinity"',
      fields: ["values[1]"],
    });
    // Too much text to look for the place.
    expect(seen(raised(), `{"values":[${"1,".repeat(200_000)}"two"]}`)).toMatchObject({
      text: expect.stringContaining("cannot decode field x from JSON"),
      reason: "INVALID_REQUEST",
      fields: [],
    });
  });

  test("a message that is too large to read, and an answer that is too large to write", () => {
    const limit = "is larger than configured readMaxBytes 4194304";
    for (const [found, text] of [
      [
        `message size 5370033 ${limit}`,
        "the request has 5370033 bytes, of 4194304 at most: send it in parts",
      ],
      [`message ${limit} after decompression`, "the request has more than 4194304 bytes: send it in parts"],
    ] as const) {
      expect(seen(new ConnectError(found, Code.ResourceExhausted))).toMatchObject({
        text,
        reason: "PAYLOAD_TOO_LARGE",
      });
    }
    const size = "message size 98321318 is larger than configured writeMaxBytes 67108864";
    const answer = new ConnectError(size, Code.ResourceExhausted);
    expect(explainUnwritten(answer)).toBe(undefined);
    expect(answer.rawMessage).toBe(
      "the answer has 98321318 bytes, of 67108864 at most: ask for less, by page_size or read_mask",
    );
  });

  test("an answer that cannot be encoded is the server's failure, and nothing of it is shown", () => {
    const error = new ConnectError("cannot encode message T to JSON: secret", Code.Internal);
    const id = explainUnwritten(error);
    expect(error.rawMessage).toBe(`the server failed; its log says more under ${id}`);
    expect(explainUnwritten(new ConnectError("http/2 stream closed", Code.Internal))).toBe(undefined);
  });

  test("deadlines are named; clients that left stay what they are", () => {
    expect(seen(new ConnectError("the operation timed out", Code.DeadlineExceeded))).toMatchObject({
      code: Code.DeadlineExceeded,
      reason: "DEADLINE_EXCEEDED",
    });
    expect(seen(new ConnectError("the client left", Code.Canceled))).toMatchObject({
      code: Code.Canceled,
      reason: undefined,
    });
  });
});
