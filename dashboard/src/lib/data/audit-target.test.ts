import { expect, test } from "vitest";
import { placeOf, shortTarget, wholeTarget } from "./audit-target.ts";

test.each([
  ["projects/lab", { kind: "project", project: "lab" }],
  ["projects/lab/studies/mnist", { kind: "study", project: "lab", study: "mnist" }],
  ["projects/lab/studies/a.b/trials/7", { kind: "trial", project: "lab", study: "a.b", number: "7" }],
  ["projects/lab/members/3", { kind: "members", project: "lab" }],
  ["projects/lab/members/ada@example.org", { kind: "members", project: "lab" }],
  ["projects/lab/tokens/9", { kind: "tokens", project: "lab" }],
  ["projects/lab/tokens", { kind: "tokens", project: "lab" }],
  ["mnist", undefined],
  ["", undefined],
  ["projects/lab/studies", undefined],
  ["projects/lab/studies/mnist/trials/x", undefined],
])("%s leads to %j", (name, place) => {
  expect(placeOf(name)).toEqual(place);
});

test.each([
  ["projects/lab/studies/s", "asktell.v1.StudyService/PauseStudy", "projects/lab/studies/s"],
  ["studies/s", "asktell.v1.StudyService/CreateStudy", "projects/here/studies/s"],
  ["s", "asktell.v1.StudyService/PauseStudy", "projects/here/studies/s"],
  ["s/trials/4", "asktell.v1.TrialService/UpdateTrial", "projects/here/studies/s/trials/4"],
  ["members/a@example.org", "asktell.v1.ProjectService/AddMember", "projects/here/members/a@example.org"],
  ["tokens", "asktell token create", "projects/here/tokens"],
  ["s", "asktell token create", "s"],
  ["", "asktell.v1.StudyService/CreateStudy", ""],
])("%s in a call of %s means %s", (target, method, whole) => {
  expect(wholeTarget({ target, method }, "projects/here")).toBe(whole);
});

test("within its own log, a target goes without the project", () => {
  expect(shortTarget("projects/lab/studies/mnist", "projects/lab")).toBe("studies/mnist");
  expect(shortTarget("projects/lab", "projects/lab")).toBe("the project");
  expect(shortTarget("projects/laboratory/studies/x", "projects/lab")).toBe("projects/laboratory/studies/x");
});
