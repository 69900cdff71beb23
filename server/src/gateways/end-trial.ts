import type { StudyRef } from "../studies/directory.ts";
import { StudyError } from "../studies/errors.ts";
import type { Studies } from "../studies/index.ts";
import { leaseToken } from "../studies/lease-token.ts";
import type { TellOptions } from "../studies/tell.ts";
import { GatewayRefusal } from "./refusal.ts";

/**
 * Acts on a trial in the name of whoever holds it. These clients know no lease: after a trial has passed to a second worker,
 * either may report, and the first to tell is heard. Both evaluate the same point.
 */
export async function asHolder<T>(
  studies: Pick<Studies, "getTrial">,
  ref: StudyRef,
  number: number,
  act: (leaseToken: string) => Promise<T>,
): Promise<T> {
  try {
    return await act("");
  } catch (error) {
    if (!(error instanceof StudyError) || error.reason !== "LEASE_REQUIRED") throw error;
    const { attempt } = await studies.getTrial(ref, number);
    if (attempt === 0) throw error;
    return act(leaseToken(number, attempt));
  }
}

type Ending = Pick<TellOptions, "state" | "values"> & { readonly failure?: string };

/** How a trial ended before, as the refusal of a second tell says. */
export interface Ended {
  readonly state: string;
  readonly values: readonly number[];
}

/** Ends a trial; answers how it has ended before, if it has. */
export async function endTrial(
  studies: Pick<Studies, "getTrial" | "tell">,
  ref: StudyRef,
  number: number,
  { state, values, failure = "" }: Ending,
): Promise<Ended | undefined> {
  try {
    await asHolder(studies, ref, number, (token) =>
      studies.tell(ref, { number, leaseToken: token, values, metrics: {}, state, failure, requestId: "" }),
    );
    return undefined;
  } catch (error) {
    if (!(error instanceof StudyError) || error.reason !== "TRIAL_ALREADY_TERMINAL") throw error;
    const stored: unknown = JSON.parse(error.metadata["values"] ?? "[]");
    // The state as the API names it, TRIAL_STATE_PRUNED.
    const before = (error.metadata["state"] ?? "").replace("TRIAL_STATE_", "").toLowerCase();
    return { state: before, values: Array.isArray(stored) ? stored.map(Number) : [] };
  }
}

/**
 * Tells a trial's value. A repeat with the same value is fine; NaN ends the trial as failed.
 *
 * @throws GatewayRefusal 409 when the trial has ended otherwise
 */
export async function tellValue(
  studies: Pick<Studies, "getTrial" | "tell">,
  ref: StudyRef,
  number: number,
  value: number,
): Promise<void> {
  const ended = await endTrial(studies, ref, number, { state: undefined, values: [value] });
  if (ended === undefined) return;
  if (
    Number.isNaN(value) ? ended.state === "failed" : ended.values.length === 1 && ended.values[0] === value
  ) {
    return;
  }
  const values = ended.values.length === 0 ? "" : ` with ${ended.values.join(", ")}`;
  throw new GatewayRefusal(409, `trial ${number} has ended already: it is ${ended.state}${values}`);
}
