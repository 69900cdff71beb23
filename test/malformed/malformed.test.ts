import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { useTestPostgres } from "../support/postgres.ts";
import { accessRows } from "./access.ts";
import { encodingRows } from "./encodings.ts";
import { listRows } from "./lists.ts";
import { projectRows } from "./projects.ts";
import { expectRow } from "./row.ts";
import { studyRows } from "./studies.ts";
import { type Target, expectAnswers, expectStop, expectUnharmed, startTarget } from "./target.ts";
import { trialRows } from "./trials.ts";

// One real server gets all of it: whatever harm a request does shows in those after it, and at the end.
const database = useTestPostgres();
let target: Target;
beforeAll(async () => {
  target = await startTarget(database.url);
});
afterAll(() => expectStop(target));

describe.each([
  ["about studies", studyRows],
  ["about trials", trialRows],
  ["for lists and tokens", listRows],
  ["about projects, members and tokens for one study", projectRows],
  ["of bytes that are no message", encodingRows],
  ["of a caller who may not", accessRows],
])("a malformed request %s gets a clear error, and the next one is served:", (_, rows) => {
  test.each(rows)("$name", async (row) => {
    await expectRow(target, row);
    await expectAnswers(target);
  });
});

test("each refused call has a line in the log, those whose message could not be read among them", () => {
  const refusals =
    target.server.log().match(/"method":"asktell[^\n]*"code":"(?!ok)[^\n]*"msg":"call"/g) ?? [];
  // Of these, what names no method, type or compression at all never became a call.
  const calls = [studyRows, trialRows, listRows, projectRows, encodingRows]
    .flat()
    .filter(({ status }) => status === undefined);
  expect(refusals.length).toBeGreaterThanOrEqual(calls.length);
});

test("after all that the server is the same process, with nothing failed and no token in its log", () =>
  expectUnharmed(target));
