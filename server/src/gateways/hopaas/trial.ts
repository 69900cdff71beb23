import type { StudyRef } from "../../studies/directory.ts";
import { StudyError } from "../../studies/errors.ts";
import type { Studies } from "../../studies/index.ts";
import type { Answer } from "../answer.ts";
import { type Caller, studyOf } from "../caller.ts";
import { asHolder, endTrial, tellValue } from "../end-trial.ts";
import { type Json, type JsonObject, showJson } from "../python-json.ts";
import { GatewayRefusal, unprocessable } from "../refusal.ts";
import { nameOf } from "./study.ts";

export interface TrialRef {
  readonly suid: string;
  readonly ref: StudyRef;
  readonly number: number;
}

const maxNumber = 2 ** 31 - 1;
const maxFailureLength = 10_000;

/** The trial that `S:7` names in the caller's project. @throws GatewayRefusal 404, or 422 for what is no text */
export function trialRef(given: Json | undefined, caller: Caller): TrialRef {
  if (typeof given !== "string") throw unlike("hopaas_trial", given, "the text that ask answered");
  const [, suid, digits] = /^([A-Za-z0-9_-]{43}):(\d{1,10})$/.exec(given) ?? [];
  const number = Number(digits);
  if (suid === undefined || !(number <= maxNumber)) {
    throw new GatewayRefusal(404, `there is no trial ${JSON.stringify(given.slice(0, 100))}`);
  }
  return { suid, ref: studyOf(caller, nameOf(suid)), number };
}

/** `POST /api/tell`. */
export async function tell(studies: Studies, { ref, number }: TrialRef, body: JsonObject): Promise<Answer> {
  await tellValue(studies, ref, number, lossOf(body));
  return { json: "true" };
}

/** `POST /api/mark_as_failed`. A trial that was stopped early may be called failed by a script that leaves by an exception. */
export async function markAsFailed(
  studies: Studies,
  { ref, number }: TrialRef,
  body: JsonObject,
): Promise<Answer> {
  const { error = "" } = body;
  const failure = (typeof error === "string" ? error : "").slice(0, maxFailureLength).toWellFormed();
  const ended = await endTrial(studies, ref, number, {
    state: "failed",
    values: [],
    failure: failure || "The worker gave no reason.",
  });
  if (ended === undefined || ended.state === "failed" || ended.state === "pruned") return { json: "true" };
  throw new GatewayRefusal(409, `trial ${number} has ended already: it is ${ended.state}`);
}

/**
 * `POST /api/should_prune`. A client that hears `true` never tells, so the answer ends the trial; it is the same whenever it is
 * asked again.
 */
export async function shouldPrune(
  studies: Studies,
  { ref, number }: TrialRef,
  body: JsonObject,
): Promise<Answer> {
  const step = body["step"];
  if (typeof step !== "number" || !Number.isInteger(step) || step < 0 || step > maxNumber) {
    throw unlike("step", step, `a whole number from 0 to ${maxNumber}`);
  }
  const values = [lossOf(body)];
  const { stop } = await asHolder(studies, ref, number, (leaseToken) =>
    studies.report(ref, { number, leaseToken, step, values, metrics: {} }),
  );
  return { json: String(await follow(studies, ref, number, stop)) };
}

type Stop = Awaited<ReturnType<Studies["report"]>>["stop"];

/** Carries a decision out; answers whether the worker should stop. */
async function follow(studies: Studies, ref: StudyRef, number: number, stop: Stop): Promise<boolean> {
  switch (stop) {
    case undefined:
      return false;
    case "study-finished": {
      // Without a pruner the client asks only once its trial is complete: that result is worth keeping.
      const { spec } = await studies.get(ref);
      return spec.pruner.kind === "none" ? false : prune(studies, ref, number);
    }
    case "pruned":
      return prune(studies, ref, number);
    case "lease-lost":
      throw new StudyError("LEASE_LOST", `trial ${number} has just passed to another worker`);
    case "trial-ended": {
      const { state } = await studies.getTrial(ref, number);
      return state !== "completed";
    }
  }
}

/** Ends a trial as pruned, with the value that it reported last. */
async function prune(studies: Studies, ref: StudyRef, number: number): Promise<boolean> {
  const ended = await endTrial(studies, ref, number, { state: "pruned", values: [] });
  return ended?.state !== "completed";
}

function lossOf({ loss }: JsonObject): number {
  if (typeof loss === "number" || typeof loss === "bigint") return Number(loss);
  throw unlike("loss", loss, "a number");
}

/** The refusal of a field that is not what it should be. */
function unlike(field: string, found: Json | undefined, expected: string): GatewayRefusal {
  return unprocessable(
    `${field} is ${found === undefined ? "missing" : showJson(found)}: expected ${expected}`,
  );
}

/** `GET /api/get_best_trial`: a JSON text. */
export async function bestTrial(studies: Studies, { suid, ref }: TrialRef): Promise<Answer> {
  const { trials } = await studies.best(ref, 1);
  const [best] = trials;
  if (best === undefined) throw new GatewayRefusal(404, "no trial of this study is complete");
  return { json: JSON.stringify(`${suid}:${best.number}`) };
}
