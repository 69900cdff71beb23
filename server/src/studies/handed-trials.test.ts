import { expect, test } from "vitest";
import type { HandedTrial } from "../store/hot/tell.ts";
import { createHandedTrials } from "./handed-trials.ts";

const trialOf = (number: number) => ({ number }) as HandedTrial;

test("a trial that was handed out is known until it is taken", () => {
  const handed = createHandedTrials();
  const empty = handed.bytes;
  handed.keep(trialOf(7));
  expect(handed.bytes).toBeGreaterThan(empty);
  expect(handed.take(3)).toBeUndefined();
  expect(handed.take(8)).toBeUndefined();
  expect(handed.take(7)).toEqual({ number: 7 });
  expect(handed.take(7)).toBeUndefined();
});

test("of more trials than ever run at once, the newest are known", () => {
  const handed = createHandedTrials();
  const most = 2 ** 17;
  for (let number = 0; number < most + 500; number++) handed.keep(trialOf(number));
  const { bytes } = handed;
  handed.keep(trialOf(most + 500));
  expect(handed.bytes).toBe(bytes);
  expect(handed.take(500)).toBeUndefined();
  expect(handed.take(501)).toEqual({ number: 501 });
  expect(handed.take(most + 500)).toEqual({ number: most + 500 });
});
