import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorInfoSchema } from "@asktell/proto/google/rpc/error_details_pb";
import { expect, test } from "vitest";
import { describeProblem } from "./problem.ts";

test("what the server says becomes a sentence, with paths of fields as they are", () => {
  const said = (text: string): string => describeProblem(new ConnectError(text, Code.InvalidArgument)).text;
  expect(said("there is no study")).toBe("There is no study.");
  expect(said("study.sources[0].study: is too long")).toBe("study.sources[0].study: is too long.");
});

test("a study that a limit has finished is not to be tried again as it is", () => {
  const cause = { desc: ErrorInfoSchema, value: { reason: "LIMIT_REACHED", domain: "asktell" } };
  const error = new ConnectError("max_trials still holds", Code.FailedPrecondition, undefined, [cause]);
  expect(describeProblem(error).advice).toBe("The limits are in the settings.");
});
