import { afterAll, beforeAll, describe, test } from "vitest";
import { useTestPostgres } from "../support/postgres.ts";
import { accessRows } from "./access.ts";
import { encodingRows } from "./encodings.ts";
import { listRows } from "./lists.ts";
import { expectRow } from "./row.ts";
import { studyRows } from "./studies.ts";
import { type Target, expectAnswers, expectStop, expectUnharmed, startTarget } from "./target.ts";
import { trialRows } from "./trials.ts";

// One real server gets all of it: whatever harm a request does shows in those after it, and at the end.
const database = useTestPostgres();
let target: Target;
beforeAll(async () => {
  target = await startTarget(database.url);
}, 120_000);
afterAll(() => expectStop(target));

describe.each([
  ["about studies", studyRows],
  ["about trials", trialRows],
  ["for lists and tokens", listRows],
  ["of bytes that are no message", encodingRows],
  ["of a caller who may not", accessRows],
])("a malformed request %s gets a clear error, and the next one is served:", (_, rows) => {
  test.each(rows)("$name", async (row) => {
    await expectRow(target, row);
    await expectAnswers(target);
  });
});

test("after all that the server is the same process, with nothing failed and no token in its log", () =>
  expectUnharmed(target));
