import { create } from "@bufbuild/protobuf";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { WorkerSchema } from "@asktell/proto/asktell/v1/trial_service_pb";
import { expect, test } from "vitest";
import { failureHeadline, failureWords, moodOf, splitTrialName } from "./fleet.ts";

const now = 1_000_000;
const worker = (init: MessageInitShape<typeof WorkerSchema>) => create(WorkerSchema, init);
/** A lease of ten minutes, renewed so long ago, in seconds. */
const held = (seconds: number) => ({
  lastSeenTime: timestampFromMs(now - seconds * 1_000),
  leaseExpireTime: timestampFromMs(now + (600 - seconds) * 1_000),
});

test("a worker is idle, at work, silent, or fails", () => {
  expect(moodOf(worker({ completedCount: 3 }), now)).toBe("idle");
  expect(moodOf(worker({ runningCount: 1, running: [held(5)] }), now)).toBe("working");
  expect(moodOf(worker({ runningCount: 2, running: [held(5), held(595)] }), now)).toBe("silent");
  expect(moodOf(worker({ runningCount: 1, running: [held(5)], failureStreak: 3, failedCount: 3 }), now)).toBe(
    "failing",
  );
});

test("what fails is said in words", () => {
  const bad = worker({ failedCount: 4, failureStreak: 4 });
  const worse = worker({ completedCount: 1, failedCount: 9, failureStreak: 6 });
  const good = worker({ completedCount: 2 });
  expect(failureWords(bad)).toBe("has failed all of its 4 trials");
  expect(failureWords(worse)).toBe("has failed its last 6 trials");
  expect(failureHeadline([good])).toBeUndefined();
  expect(failureHeadline([bad, good])).toBe("One worker fails while another gets on: look at that machine");
  expect(failureHeadline([bad, worse, good, good])).toBe(
    "2 workers fail while 2 others get on: look at those machines",
  );
  expect(failureHeadline([bad, worker({ runningCount: 1 })])).toBe(
    "Every worker fails: look at what they run",
  );
});

test("a trial's name has its parts", () => {
  expect(splitTrialName("projects/lab/studies/s/trials/12")).toEqual({
    project: "lab",
    study: "s",
    number: "12",
  });
});
