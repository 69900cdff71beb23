import { expect } from "vitest";
import { call } from "../support/call.ts";
import type { TestServer } from "../support/server.ts";

export interface Outcome {
  /** Objective of the best trial. */
  best: number;
  trials: { number: number; state: string; worker: string; attempt: number; values: number[] }[];
}

/** Reads a study that must have finished with exactly `count` trials, numbered from 0, each ended. */
export async function expectFinished(
  server: Pick<TestServer, "url" | "token">,
  study: string,
  count: number,
): Promise<Outcome> {
  const { trials } = await call<Pick<Outcome, "trials">>(server, "TrialService/ListTrials", { study });
  const read = await call<{ study: { state: string; bestTrial: number; finishReason: string } }>(
    server,
    "StudyService/GetStudy",
    { study },
  );
  expect(read.study).toMatchObject({
    state: "STUDY_STATE_FINISHED",
    finishReason: "FINISH_REASON_MAX_TRIALS",
  });
  expect(trials.map((trial) => trial.number)).toEqual(Array.from({ length: count }, (_, number) => number));
  for (const trial of trials) expect(trial.state).toMatch(/COMPLETED|PRUNED|FAILED/);
  return { trials, best: trials[read.study.bestTrial]?.values[0] ?? Number.NaN };
}

/** How many trials ended so. */
export function countState({ trials }: Outcome, state: string): number {
  return trials.filter((trial) => trial.state === `TRIAL_STATE_${state}`).length;
}
