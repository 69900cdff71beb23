import type { Suggested } from "../optimizer/suggest.ts";
import type { Grant, NewTrial, RequestRecord } from "../store/hot/ask.ts";
import type { Clock } from "../store/hot/clock.ts";
import { requestKinds } from "../store/hot/requests.ts";
import { spendingOf } from "./ask-caps.ts";
import type { Plan, Share } from "./ask-plan.ts";
import type { AskAnswer, AskOptions } from "./ask-types.ts";
import type { Engine } from "./engine.ts";
import { leaseToken } from "./lease-token.ts";
import type { LiveStudy } from "./live-study.ts";
import { type Trial, withLease } from "./trial.ts";

/**
 * Begins to write the plan. Only inside the study's lock, which need not be held until the answer: undefined when the study has moved on
 * since the plan was made.
 */
export function launch(engine: Engine, live: LiveStudy, plan: Plan): Promise<Grant | undefined> {
  const granted = carryOut(engine, live, plan);
  live.launch({
    firstNumber: plan.firstNumber,
    fresh: plan.shares.reduce((sum, { suggestions }) => sum + suggestions.length, 0),
    claimed: plan.shares.flatMap(({ claims }) => claims.map(({ number }) => number)),
    revision: granted.then(
      (grant) => grant?.revision,
      () => undefined,
    ),
  });
  return granted;
}

async function carryOut(engine: Engine, live: LiveStudy, plan: Plan): Promise<Grant | undefined> {
  const claims = plan.shares.flatMap((share) => share.claims);
  const trials = plan.shares.flatMap(({ item, suggestions }) =>
    suggestions.map(({ suggested }) => newTrial(live, item.options, suggested)),
  );
  const requests = plan.shares.flatMap((share) => requestRecord(share));
  try {
    return await engine.store.ask({
      studyId: live.id,
      specVersion: plan.specVersion,
      nextNumber: plan.firstNumber,
      historyRevision: plan.historyRevision,
      revision: live.isGuess ? live.revision : undefined,
      claims,
      trials,
      requests,
      spending: spendingOf(plan),
    });
  } catch (error) {
    // Another replica has just answered one of the requests.
    if (error instanceof Error && "code" in error && error.code === "23505") return undefined;
    throw error;
  }
}

function newTrial(live: LiveStudy, options: AskOptions, suggested: Suggested): NewTrial {
  return {
    params: JSON.stringify(suggested.params),
    worker: options.worker,
    leaseSeconds: options.leaseSeconds ?? live.spec.leaseSeconds,
    sampler: suggested.sampler,
    reason: suggested.reason,
    fixed: Object.keys(options.fixed).length === 0 ? null : JSON.stringify(options.fixed),
    expected: expectedOf(suggested),
  };
}

const nothingExpected: readonly number[] = [];

/** As the store keeps it. */
const expectedOf = ({ expected }: Suggested): readonly number[] =>
  expected === undefined ? nothingExpected : [...expected.means, ...expected.deviations];

function requestRecord({ item, claims, suggestions }: Share): RequestRecord[] {
  if (item.options.requestId === "") return [];
  return [
    {
      key: item.options.requestId,
      kind: requestKinds.ask,
      fingerprint: item.fingerprint(),
      numbers: [...claims.map(({ number }) => number), ...suggestions.map(({ number }) => number)],
      attempts: [...claims.map(({ attempt }) => attempt + 1), ...suggestions.map(() => 1)],
    },
  ];
}

/** Answers the askers of a plan that was carried out. */
export async function answerShares(
  engine: Engine,
  live: LiveStudy,
  { state: studyState }: Clock,
  plan: Plan,
  grant: Grant,
  answers: (AskAnswer | Error | undefined)[],
): Promise<void> {
  const claimed = plan.shares.flatMap(({ claims }) => claims.map(({ number }) => number));
  const rows = claimed.length === 0 ? [] : await engine.store.readTrials(live.id, claimed);
  const byNumber = new Map(rows.map((row) => [row.number, row]));
  for (const { index, item, claims, suggestions } of plan.shares) {
    const old = claims.flatMap(({ number, attempt }) => {
      const row = byNumber.get(number);
      return row === undefined ? [] : [withLease(live.id, row, attempt + 1)];
    });
    const fresh = suggestions.map((suggestion) => freshTrial(live.id, plan, item.options, suggestion, grant));
    for (const trial of fresh) live.handed.keep(trial);
    answers[index] = { trials: [...old, ...fresh], studyState, retryAfterMs: undefined };
  }
}

/** A trial that has just been created, from what was written. */
function freshTrial(
  studyId: number,
  plan: Plan,
  options: AskOptions,
  { number, suggested }: Share["suggestions"][number],
  { grantedAt, revision, leaseEnds }: Grant,
): Trial {
  const place = number - plan.firstNumber;
  return {
    number,
    state: "running",
    attempt: 1,
    // New trials have the last change numbers of their batch.
    revision: revision - leaseEnds.length + place + 1,
    endRevision: 0,
    params: suggested.params,
    values: [],
    metrics: {},
    violation: 0,
    worker: options.worker,
    failure: "",
    attributes: {},
    sampler: suggested.sampler,
    reason: suggested.reason,
    historyRevision: plan.historyRevision,
    specVersion: plan.specVersion,
    fixed: Object.keys(options.fixed).length === 0 ? undefined : options.fixed,
    expected: expectedOf(suggested),
    tellKey: undefined,
    tellAttempt: undefined,
    createdAt: grantedAt,
    startedAt: grantedAt,
    endedAt: undefined,
    leaseExpiresAt: leaseEnds[place],
    heardAt: grantedAt,
    formerPoints: [],
    leaseToken: leaseToken(number, 1, studyId),
  };
}
