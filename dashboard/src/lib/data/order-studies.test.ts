import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import { StudySchema } from "@asktell/proto/asktell/v1/study_pb";
import { nextOrder, orderStudies, type StudyKey } from "./order-studies.ts";

const study = (id: string, displayName: string, created: number, total: number) =>
  create(StudySchema, {
    name: `projects/p/studies/${id}`,
    displayName,
    createTime: timestampFromMs(created),
    trialCounts: { total },
  });
const studies = [study("a", "", 3_000, 5), study("b", "Zebra", 1_000, 7), study("c", "Lion", 2_000, 0)];
const figures = new Map([
  ["projects/p/studies/a", { best: 0.5, lastActivity: 10 }],
  ["projects/p/studies/b", { best: undefined, lastActivity: undefined }],
  ["projects/p/studies/c", { best: -1, lastActivity: 30 }],
]);

test.each<[StudyKey, boolean, string]>([
  ["name", false, "acb"],
  ["name", true, "bca"],
  ["created", true, "acb"],
  ["created", false, "bca"],
  ["trials", true, "bac"],
  ["activity", true, "cab"],
  // A study of several objectives has no best value.
  ["best", false, "cab"],
  ["best", true, "acb"],
])("by %s, down: %s", (key, down, order) => {
  expect(
    orderStudies(studies, figures, { key, down })
      .map(({ name }) => name.at(-1))
      .join(""),
  ).toBe(order);
});

test("a second click turns the order round; a first one shows the newest, the most, or A", () => {
  expect(nextOrder({ key: "created", down: true }, "created")).toEqual({ key: "created", down: false });
  expect(nextOrder({ key: "created", down: false }, "trials")).toEqual({ key: "trials", down: true });
  expect(nextOrder({ key: "created", down: true }, "name")).toEqual({ key: "name", down: false });
});
