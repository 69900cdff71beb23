import { Code, ConnectError } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { describeProblem } from "./problem.ts";

test("what the server says becomes a sentence, with paths of fields as they are", () => {
  const said = (text: string): string => describeProblem(new ConnectError(text, Code.InvalidArgument)).text;
  expect(said("there is no study")).toBe("There is no study.");
  expect(said("study.sources[0].study: is too long")).toBe("study.sources[0].study: is too long.");
});
