import { create } from "@bufbuild/protobuf";
import { LinearConstraintSchema } from "@asktell/proto/asktell/v1/study_pb";
import { expect, test } from "vitest";
import { linearDraftFrom, readLinear } from "./linear-form.ts";

const parameters = [
  { name: "wide", isNumber: true },
  { name: "deep", isNumber: true },
  { name: "deep-er", isNumber: true },
  { name: "learning rate", isNumber: true },
  { name: "2x", isNumber: true },
  { name: "act", isNumber: false },
];
const read = (text: string) => readLinear(text, parameters);

test.each<[string, number, [number, string][]]>([
  [
    "wide + deep <= 512",
    512,
    [
      [1, "wide"],
      [1, "deep"],
    ],
  ],
  [
    "2 wide - 0.5*deep ≤ -3",
    -3,
    [
      [2, "wide"],
      [-0.5, "deep"],
    ],
  ],
  [
    "wide >= deep",
    0,
    [
      [-1, "wide"],
      [1, "deep"],
    ],
  ],
  ["10 ≥ 3 + wide", 7, [[1, "wide"]]],
  [
    "wide<=1e3−deep",
    1000,
    [
      [1, "wide"],
      [1, "deep"],
    ],
  ],
  ["-wide + 3 <= 2 wide", -3, [[-3, "wide"]]],
  [
    "wide - deep-er <= 1",
    1,
    [
      [1, "wide"],
      [-1, "deep-er"],
    ],
  ],
  [
    "3 learning rate + 2x + 2 2x <= 1",
    1,
    [
      [3, "learning rate"],
      [3, "2x"],
    ],
  ],
  [
    "wide - -deep <= +1",
    1,
    [
      [1, "wide"],
      [1, "deep"],
    ],
  ],
])("%s is read", (text, upper, terms) => {
  expect(read(text)).toEqual({
    constraint: create(LinearConstraintSchema, {
      upper,
      terms: terms.map(([coefficient, parameter]) => ({ coefficient, parameter })),
    }),
  });
});

test.each([
  ["", "Write two sums with one <= or >= between them, such as a + 2 b <= 10."],
  ["wide < 3", "Write two sums with one <= or >= between them, such as a + 2 b <= 10."],
  ["1 <= wide <= 3", "Write two sums with one <= or >= between them, such as a + 2 b <= 10."],
  ["wide <=", "One side is empty."],
  ["wide + <= 3", "Something is missing after a sign."],
  ["wide deep <= 3", 'A + or - is missing before "deep".'],
  ["wider <= 3", 'There is no parameter "wider".'],
  ["2 tall + wide <= 3", 'There is no parameter "tall".'],
  ["act + wide <= 3", '"act" is a choice, which cannot be added up.'],
  ["wide <= wide", "No parameter is left of it."],
])("%j is refused: %s", (text, problem) => {
  expect(read(text)).toEqual({ problem });
});

test("a study's constraint comes back as it was", () => {
  const terms = [
    { coefficient: -1, parameter: "deep-er" },
    { coefficient: 2.5, parameter: "learning rate" },
    { coefficient: -1e-9, parameter: "wide" },
  ];
  const constraint = create(LinearConstraintSchema, { terms, upper: -0.1 });
  const { text } = linearDraftFrom(constraint);
  expect(text).toBe("-deep-er + 2.5 learning rate - 1e-9 wide <= -0.1");
  expect(read(text)).toEqual({ constraint });
});
