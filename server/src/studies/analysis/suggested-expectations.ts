import { calibrate } from "../../optimizer/analysis/calibration.ts";
import type { Expectation, Expectations } from "../../optimizer/analysis/expectations.ts";
import type { Store } from "../../store/store.ts";

/** An expectation, and whether it is the one that the trial's sampler had. */
export interface TrialExpectation extends Expectation {
  readonly isSuggested: boolean;
}

export interface TrialExpectations extends Expectations {
  readonly trials: readonly TrialExpectation[];
}

/** The expectations with those in their place that samplers had when they chose the trials. */
export async function withSuggested(
  store: Store,
  studyId: number,
  objective: number,
  { trials }: Expectations,
): Promise<TrialExpectations> {
  const recorded = await store.readExpectations(
    studyId,
    trials.map(({ number }) => number),
  );
  const own = trials.map((trial): TrialExpectation => {
    const expected = recorded.get(trial.number) ?? [];
    const mean = expected[objective];
    const deviation = expected[expected.length / 2 + objective];
    return mean === undefined || deviation === undefined
      ? { ...trial, isSuggested: false }
      : { ...trial, mean, deviation, isSuggested: true };
  });
  return { trials: own, calibration: calibrate(own) };
}
