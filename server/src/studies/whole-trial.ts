import type { Measurement } from "../store/hot/trial-row.ts";
import type { LateObservation, TrialDetail } from "../store/hot/trials.ts";
import type { Store } from "../store/store.ts";
import { type Trial, withoutLease } from "./trial.ts";

/** A trial with everything that is known of it. */
export interface WholeTrial extends Trial {
  readonly measurements: readonly Measurement[];
  readonly lateObservations: readonly LateObservation[];
}

/** The trials with their measurements and late observations. */
export async function readWhole(
  store: Store,
  studyId: number,
  trials: readonly TrialDetail[],
): Promise<WholeTrial[]> {
  const numbers = trials.map(({ number }) => number);
  const [measurements, late] = await Promise.all([
    store.readMeasurements(studyId, numbers),
    store.readLateObservations(studyId, numbers),
  ]);
  return trials.map((trial) => ({
    ...withoutLease(trial),
    measurements: measurements.get(trial.number) ?? [],
    lateObservations: late.get(trial.number) ?? [],
  }));
}
