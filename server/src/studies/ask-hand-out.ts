import type { Suggested } from "../optimizer/suggest.ts";
import type { Grant, NewTrial, RequestRecord } from "../store/hot/ask.ts";
import type { Clock } from "../store/hot/clock.ts";
import { requestKinds } from "../store/hot/requests.ts";
import { spendingOf } from "./ask-caps.ts";
import type { Plan, Share } from "./ask-plan.ts";
import type { AskAnswer, AskOptions } from "./ask-types.ts";
import type { Engine } from "./engine.ts";
import type { LiveStudy } from "./live-study.ts";
import { type Trial, withLease } from "./trial.ts";

/** Writes the plan; undefined when the study has moved on since it was made. */
export async function carryOut(engine: Engine, live: LiveStudy, plan: Plan): Promise<Grant[] | undefined> {
  const claims = plan.shares.flatMap((share) => share.claims);
  const trials = plan.shares.flatMap(({ item, suggestions }) =>
    suggestions.map(({ suggested }) => newTrial(live, item.options, suggested)),
  );
  const requests = plan.shares.flatMap((share) => requestRecord(share));
  try {
    const grants = await engine.store.ask({
      studyId: live.id,
      specVersion: live.specVersion,
      nextNumber: plan.firstNumber,
      historyRevision: plan.historyRevision,
      claims,
      trials,
      requests,
      spending: spendingOf(plan),
    });
    const after = grants?.[0]?.revision;
    // If nobody else has changed the study in between, what was written is all that is new, and need not be read back.
    if (after !== undefined && after === plan.historyRevision + claims.length + trials.length) {
      live.advance(
        after,
        claims.map(({ number }) => number),
      );
    }
    return grants;
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

/** As the store keeps it. */
const expectedOf = ({ expected }: Suggested): number[] =>
  expected === undefined ? [] : [...expected.means, ...expected.deviations];

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
  clock: Clock,
  plan: Plan,
  grants: readonly Grant[],
  answers: (AskAnswer | Error | undefined)[],
): Promise<void> {
  const granted = new Map(grants.map((grant) => [grant.number, grant]));
  const claimed = plan.shares.flatMap(({ claims }) => claims.map(({ number }) => number));
  const rows = claimed.length === 0 ? [] : await engine.store.readTrials(live.id, claimed);
  const byNumber = new Map(rows.map((row) => [row.number, row]));
  for (const { index, item, claims, suggestions } of plan.shares) {
    const old = claims.flatMap(({ number, attempt }) => {
      const row = byNumber.get(number);
      return row === undefined ? [] : [withLease(row, attempt + 1)];
    });
    const fresh = suggestions.flatMap(({ number, suggested }) => {
      const grant = granted.get(number);
      return grant === undefined ? [] : [freshTrial(live, plan, item.options, suggested, grant)];
    });
    answers[index] = { trials: [...old, ...fresh], studyState: clock.state, retryAfterMs: undefined };
  }
}

/** A trial that has just been created, from what was written. */
function freshTrial(
  live: LiveStudy,
  plan: Plan,
  options: AskOptions,
  suggested: Suggested,
  grant: Grant,
): Trial {
  return withLease({
    number: grant.number,
    state: "running",
    attempt: grant.attempt,
    revision: grant.revision,
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
    specVersion: live.specVersion,
    fixed: Object.keys(options.fixed).length === 0 ? undefined : options.fixed,
    expected: expectedOf(suggested),
    tellKey: undefined,
    tellAttempt: undefined,
    createdAt: grant.grantedAt,
    startedAt: grant.grantedAt,
    endedAt: undefined,
    leaseExpiresAt: grant.leaseExpiresAt,
    heardAt: grant.grantedAt,
    formerPoints: [],
  });
}
