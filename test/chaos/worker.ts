import { setTimeout as sleep } from "node:timers/promises";
import {
  type AskJson,
  type ReportJson,
  type TellJson,
  type TrialJson,
  Refusal,
  callUntilAnswered,
  newRequestId,
} from "./api.ts";
import type { Handed, WorkerEvent } from "./events.ts";

export interface WorkerOptions {
  readonly name: string;
  readonly study: string;
  readonly urls: readonly string[];
  readonly token: string;
  readonly random: () => number;
  readonly record: (event: WorkerEvent) => void;
  /** How long a worker now and then falls silent, ms: longer than a lease. */
  readonly napMs: number;
}

/** What attempt `attempt` of a trial reports at a step, so that nobody's report can be taken for another's. */
export function reportedValue(number: number, attempt: number, step: number): number {
  return number + attempt / 128 + 1 / (step + 1) / 1_024;
}

/** What an attempt of a trial tells in the end. */
export function toldValue(number: number, attempt: number): number {
  return number + attempt / 128;
}

/** Evaluates trials until the study has finished. */
export async function work(options: WorkerOptions): Promise<void> {
  const { name, study, random, record } = options;
  for (;;) {
    const count = random() < 0.1 ? 2 : 1;
    const requestId = newRequestId();
    const ask = async () => {
      const answer = await send<AskJson>(options, "TrialService/AskTrials", {
        study,
        worker: name,
        count,
        requestId,
        maxWait: "2s",
      });
      const trials = answer.trials.map(handed);
      record({ kind: "asked", worker: name, requestId, answeredAt: Date.now(), trials });
      return answer;
    };
    const answer = await perhapsTwice(options, ask);
    if (answer.studyState === "STUDY_STATE_FINISHED") return;
    await Promise.all(answer.trials.map((trial) => evaluate(options, trial)));
  }
}

function handed(trial: TrialJson): Handed {
  const attempt = Number(trial.leaseToken.split("-")[1]);
  const isOwn = trial.leaseExpireTime !== undefined && trial.attempt === attempt;
  return {
    number: trial.number,
    attempt,
    leaseToken: trial.leaseToken,
    params: paramsText(trial.params),
    ...(isOwn ? { leaseExpiresAt: Date.parse(trial.leaseExpireTime) } : {}),
  };
}

/** Parameters as text, whatever the order in which they came. */
export function paramsText(params: TrialJson["params"]): string {
  return JSON.stringify(Object.entries(params).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

async function evaluate(options: WorkerOptions, trial: TrialJson): Promise<void> {
  const { random } = options;
  const { number, leaseToken, attempt } = handed(trial);
  // The simplest worker sends no token, which is enough while its trial has had one attempt.
  const lease = { trial: trial.name, ...(attempt === 1 && random() < 0.2 ? {} : { leaseToken }) };
  const nap = random() < 0.02 ? options.napMs : 0;
  const steps = Math.floor(random() * 5);
  let outcome = outcomeOf(random());
  for (let step = 1; step <= steps; step++) {
    await sleep(100 + 400 * random());
    const stop = await perhapsTwice(options, () => report(options, lease, number, attempt, step));
    if (stop === "PRUNED") {
      outcome = "PRUNED";
      break;
    }
    if (stop !== "") return;
  }
  await sleep(100 + 400 * random() + nap);
  const requestId = newRequestId();
  await perhapsTwice(options, () => tell(options, lease, number, attempt, outcome, requestId));
}

function outcomeOf(chance: number): string {
  if (chance < 0.05) return "FAILED";
  if (chance < 0.08) return "INFEASIBLE";
  return chance < 0.12 ? "PRUNED" : "COMPLETED";
}

type Lease = { readonly trial: string; readonly leaseToken?: string };

/** Answers why to stop; empty to go on. */
async function report(
  options: WorkerOptions,
  lease: Lease,
  number: number,
  attempt: number,
  step: number,
): Promise<string> {
  const value = reportedValue(number, attempt, step);
  const sentAt = Date.now();
  const event = { kind: "reported", worker: options.name, number, attempt, step, value, sentAt } as const;
  try {
    const message = { ...lease, step, values: [value] };
    const answer = await send<ReportJson>(options, "TrialService/ReportTrial", message);
    const stop = answer.shouldStop ? answer.reason.replace("STOP_REASON_", "") : "";
    const stored =
      answer.leaseExpireTime === undefined ? {} : { leaseExpiresAt: Date.parse(answer.leaseExpireTime) };
    options.record({ ...event, answeredAt: Date.now(), stop, ...stored });
    return stop;
  } catch (error) {
    const stop = expected(error, lease);
    if (stop === undefined) throw error;
    options.record({ ...event, answeredAt: Date.now(), stop });
    return stop;
  }
}

async function tell(
  options: WorkerOptions,
  lease: Lease,
  number: number,
  attempt: number,
  state: string,
  requestId: string,
): Promise<void> {
  const values = state === "COMPLETED" || state === "PRUNED" ? [toldValue(number, attempt)] : [];
  const failure = state === "FAILED" ? "as planned" : "";
  const event = { kind: "told", worker: options.name, number, attempt, requestId, state } as const;
  try {
    const message = { ...lease, values, state: `TRIAL_STATE_${state}`, failure, requestId };
    const answer = await send<TellJson>(options, "TrialService/TellTrial", message);
    options.record({
      ...event,
      values: answer.trial.values.map(Number),
      answeredAt: Date.now(),
      refusal: "",
    });
    if (answer.trial.state !== `TRIAL_STATE_${state}`) {
      const text = `told trial ${number} ${state}, was answered ${answer.trial.state}`;
      options.record({ kind: "surprise", worker: options.name, text });
    }
  } catch (error) {
    const refusal = expected(error, lease);
    if (refusal === undefined) throw error;
    options.record({ ...event, values, answeredAt: Date.now(), refusal });
  }
}

/** The reason of a refusal that a worker whose lease has expired may get; undefined for any other failure. */
function expected(error: unknown, { leaseToken }: Lease): string | undefined {
  if (!(error instanceof Refusal)) return undefined;
  const reasons =
    leaseToken === undefined ? ["LEASE_LOST", "LEASE_REQUIRED", "TRIAL_ALREADY_TERMINAL"] : ["LEASE_LOST"];
  return reasons.includes(error.reason) ? error.reason : undefined;
}

/** Now and then makes the same request twice at once, which must be the same as once. */
async function perhapsTwice<T>({ random }: WorkerOptions, make: () => Promise<T>): Promise<T> {
  if (random() >= 0.03) return make();
  const [first] = await Promise.all([make(), make()]);
  return first;
}

/** A call that is repeated until it is answered; a refusal that nobody expects is recorded. */
async function send<Answer>(options: WorkerOptions, method: string, message: object): Promise<Answer> {
  const { urls, token, random, record, name } = options;
  try {
    const onRetry = () => record({ kind: "retried" });
    return await callUntilAnswered<Answer>(token, method, message, { urls, random, onRetry });
  } catch (error) {
    if (expected(error, message as Lease) === undefined) {
      const text = `${method} ${JSON.stringify(message)}: ${String(error)}`;
      record({ kind: "surprise", worker: name, text });
    }
    throw error;
  }
}
