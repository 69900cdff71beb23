import { expect, test } from "vitest";
import type { AskJson, TrialJson } from "../chaos/api.ts";
import { startMs, useReplicas } from "./replica-set.ts";

/* Promise 4: budgets are exact under any number of workers and replicas. */

const set = useReplicas(2);

/** So many asks at once, to both replicas in turn; the trials that they got. */
async function askAtOnce(study: string, asks: number, count = 1): Promise<TrialJson[]> {
  const answers = await Promise.all(
    Array.from({ length: asks }, (_, index) =>
      set.call<AskJson>(index % 2, "TrialService/AskTrials", { study, count, worker: `w${index}` }),
    ),
  );
  return answers.flatMap(({ trials }) => trials);
}

async function tellAtOnce(study: string, trials: readonly TrialJson[]): Promise<void> {
  await Promise.all(
    trials.map(({ number, leaseToken }, index) =>
      set.call(index % 2, "TrialService/TellTrial", {
        trial: `${study}/trials/${number}`,
        leaseToken,
        values: [number],
      }),
    ),
  );
}

const numbersOf = (trials: readonly TrialJson[]) =>
  trials.map(({ number }) => number).toSorted((a, b) => a - b);
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

test(
  "200 asks at two replicas get exactly max_running trials, and exactly max_trials in all",
  { timeout: startMs },
  async () => {
    const study = await set.createStudy({ maxRunning: 37, maxTrials: 100 });
    const first = await askAtOnce(study, 200);
    expect(numbersOf(first)).toEqual(range(0, 37));
    expect(await askAtOnce(study, 20)).toEqual([]);

    await tellAtOnce(study, first.slice(0, 10));
    const second = await askAtOnce(study, 200);
    expect(numbersOf(second)).toEqual(range(37, 47));

    await tellAtOnce(study, [...first.slice(10), ...second]);
    const third = await askAtOnce(study, 200);
    expect(numbersOf(third)).toEqual(range(47, 84));
    await tellAtOnce(study, third);
    const last = await askAtOnce(study, 200);
    expect(numbersOf(last)).toEqual(range(84, 100));

    const waiting = await set.call<AskJson>(0, "TrialService/AskTrials", { study });
    expect(waiting).toMatchObject({ trials: [], studyState: "STUDY_STATE_ACTIVE", retryAfter: "1s" });
    await tellAtOnce(study, last);
    for (const replica of [0, 1]) {
      const answer = await set.call<AskJson>(replica, "TrialService/AskTrials", { study });
      expect(answer).toMatchObject({ trials: [], studyState: "STUDY_STATE_FINISHED" });
    }
    const { study: finished } = await set.call<{ study: object }>(1, "StudyService/GetStudy", { study });
    expect(finished).toMatchObject({
      state: "STUDY_STATE_FINISHED",
      finishReason: "FINISH_REASON_MAX_TRIALS",
      trialCounts: { total: 100, completed: 100, running: 0, waiting: 0 },
    });
  },
);

test("asks for several trials share what is left, down to the last one", { timeout: startMs }, async () => {
  const study = await set.createStudy({ maxTrials: 101 });
  const trials = await askAtOnce(study, 40, 7);
  expect(numbersOf(trials)).toEqual(range(0, 101));
});

test(
  "enqueued and imported trials take their part of the budget, in the middle of asks",
  { timeout: startMs },
  async () => {
    const study = await set.createStudy({ maxTrials: 60 });
    const add = (replica: number, index: number) =>
      index % 2 === 0
        ? set.call<AskJson>(replica, "TrialService/EnqueueTrials", {
            study,
            trials: [{ params: { layers: index + 1 } }],
          })
        : set.call<AskJson>(replica, "TrialService/ImportTrials", {
            study,
            trials: [{ params: { layers: index + 1, lr: 0.01 }, values: [1] }],
          });
    const [asked, ...added] = await Promise.all([
      askAtOnce(study, 100),
      ...Array.from({ length: 12 }, (_, index) => add(index % 2, index).catch(() => undefined)),
    ]);
    const waiting = await askAtOnce(study, 100);
    const numbers = new Set(
      [...asked, ...waiting, ...added.flatMap((answer) => answer?.trials ?? [])].map(({ number }) => number),
    );
    expect([...numbers].toSorted((a, b) => a - b)).toEqual(range(0, 60));
  },
);

test(
  "a budget that is lowered below what runs hands out nothing until there is room",
  { timeout: startMs },
  async () => {
    const study = await set.createStudy({ maxRunning: 20 });
    const trials = await askAtOnce(study, 30);
    expect(trials).toHaveLength(20);
    await set.call(1, "StudyService/UpdateStudy", {
      study: { name: study, maxRunning: 5 },
      updateMask: "maxRunning",
    });
    await tellAtOnce(study, trials.slice(0, 15));
    expect(await askAtOnce(study, 30)).toEqual([]);
    await tellAtOnce(study, trials.slice(15, 17));
    expect(await askAtOnce(study, 30)).toHaveLength(2);
  },
);
