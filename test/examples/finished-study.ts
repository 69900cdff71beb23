import { expect } from "vitest";

export interface Outcome {
  /** Objective of the best trial. */
  best: number;
  trials: { number: number; state: string; worker: string; attempt: number; values: number[] }[];
}

/** One call of the API in JSON. */
export async function call(url: string, token: string, method: string, body: object): Promise<unknown> {
  const response = await fetch(`${url}/asktell.v1.${method}`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(`${method}: ${response.status} ${answer}`);
  return JSON.parse(answer);
}

/** Reads a study that must have finished with exactly `count` trials, numbered from 0, each ended. */
export async function expectFinished(
  url: string,
  token: string,
  study: string,
  count: number,
): Promise<Outcome> {
  const { trials } = (await call(url, token, "TrialService/ListTrials", { study })) as Outcome;
  const read = (await call(url, token, "StudyService/GetStudy", { study })) as {
    study: { state: string; bestTrial: number; finishReason: string };
  };
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
