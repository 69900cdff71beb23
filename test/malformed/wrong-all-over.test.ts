import { afterAll, beforeAll, expect, test } from "vitest";
import { useTestPostgres } from "../support/postgres.ts";
import { type Target, expectAnswers, expectStop, expectUnharmed, post, startTarget } from "./target.ts";

/* Requests that are wrong in very many places. Explaining each place by all that would be right would take gigabytes. */

const database = useTestPostgres();
let target: Target;
beforeAll(async () => {
  target = await startTarget(database.url);
});
afterAll(() => expectStop(target));

const times = <T>(count: number, item: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => item(index));

const longName = (index: number): string => `p${index}`.padEnd(128, "x");
const wide = times(256, (index) => ({ name: longName(index), real: { low: 0, high: 1 } }));
const unknown = Object.fromEntries(times(250_000, (index) => [`u${index}`, 1]));
const names = Object.fromEntries(times(200_000, (index) => [`m${index}`, "x"]));
const numbers = times(400_000, () => 1);
const choices = times(1_000, (index) => `${index}`.padEnd(60, "x"));
const parent = { name: "parent", categorical: { choices } };
const wrong = times(255, (index) => ({
  name: `child${index}`,
  real: { low: 0, high: 1 },
  condition: { parent: "parent", values: times(1_000, (at) => at) },
}));

test.each([
  [
    "values of unknown parameters",
    "TrialService/AskTrials",
    { study: "wide", fixedParams: unknown },
    "fixed_params.u0",
  ],
  [
    "points with values of unknown parameters",
    "TrialService/EnqueueTrials",
    { study: "wide", trials: [{ params: unknown }] },
    "trials[0].params.u0",
  ],
  [
    "conditions on values that the parent does not have",
    "StudyService/CreateStudy",
    { study: { parameters: [parent, ...wrong] } },
    "study.parameters[1].condition.values[0]",
  ],
  ["labels", "StudyService/CreateStudy", { study: { labels: names } }, "study.labels"],
  [
    "metrics",
    "TrialService/TellTrial",
    { trial: "good/trials/0", metrics: Object.fromEntries(Object.keys(names).map((name) => [name, 1])) },
    "metrics",
  ],
  ["values", "TrialService/TellTrial", { trial: "good/trials/0", values: numbers }, "values"],
  ["leases", "TrialService/RenewLease", { leases: numbers.slice(0, 300_000).map(() => ({})) }, "leases"],
  [
    "sources",
    "StudyService/CreateStudy",
    { study: { sources: numbers.slice(0, 300_000).map(() => ({})) } },
    "study.sources",
  ],
  [
    "masks of unknown fields",
    "StudyService/UpdateStudy",
    { study: { name: "wide" }, updateMask: times(400_000, (index) => `u${index}`).join() },
    "update_mask",
  ],
  [
    "read masks of unknown fields",
    "TrialService/ListTrials",
    { study: "wide", readMask: times(400_000, (index) => `u${index}`).join() },
    "read_mask",
  ],
])("%s by the hundred thousand are refused in few words", async (_, method, message, field) => {
  const study = { studyId: "wide", allowExisting: true, study: { parameters: wide } };
  expect((await post(target, "StudyService/CreateStudy", JSON.stringify(study))).status).toBe(200);
  const { status, json, text } = await post(target, method, JSON.stringify(message));
  expect(status).toBe(400);
  expect(json.details?.flatMap(({ debug }) => debug?.fieldViolations ?? [])[0]?.field).toBe(field);
  expect(text.length).toBeLessThan(10_000);
  await expectAnswers(target);
});

// Messages of megabytes leave garbage behind that is collected at leisure: too much for the heap would have ended the process.
test("after all that the server is the same process", () => expectUnharmed(target, Infinity));
