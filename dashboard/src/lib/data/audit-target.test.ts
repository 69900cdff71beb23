import { expect, test } from "vitest";
import { placeOf, shortTarget } from "./audit-target.ts";

test.each([
  ["projects/lab", { kind: "project", project: "lab" }],
  ["projects/lab/studies/mnist", { kind: "study", project: "lab", study: "mnist" }],
  ["projects/lab/studies/a.b/trials/7", { kind: "trial", project: "lab", study: "a.b", number: "7" }],
  ["projects/lab/members/3", { kind: "members", project: "lab" }],
  ["projects/lab/members/ada@example.org", { kind: "members", project: "lab" }],
  ["projects/lab/tokens/9", { kind: "tokens", project: "lab" }],
  ["mnist", undefined],
  ["", undefined],
  ["projects/lab/studies/mnist/trials/x", undefined],
])("%s leads to %j", (target, place) => {
  expect(placeOf(target)).toEqual(place);
});

test("within its own log, a target goes without the project", () => {
  expect(shortTarget("projects/lab/studies/mnist", "projects/lab")).toBe("studies/mnist");
  expect(shortTarget("projects/lab", "projects/lab")).toBe("the project");
  expect(shortTarget("projects/laboratory/studies/x", "projects/lab")).toBe("projects/laboratory/studies/x");
});
