import type { AskJson } from "./api.ts";
import type { Trial } from "@asktell/proto/asktell/v1/trial_pb";
import { readExport } from "../../server/src/rpc/read-export.ts";
import { replayStudy } from "../../server/src/studies/replay.ts";
import { trialStates } from "../../server/src/store/states.ts";
import type { Asked, Reported, Told } from "./events.ts";
import { type Evidence, type TrialRow, historyOf } from "./evidence.ts";
import type { Sample } from "./observer.ts";
import { paramsText, reportedValue } from "./worker.ts";

/** A check of the evidence; answers one text a broken promise, with what happened to the trial. */
export type Invariant = (evidence: Evidence) => string[];

const asks = ({ events }: Evidence) => events.filter((event): event is Asked => event.kind === "asked");
const reports = ({ events }: Evidence) =>
  events.filter((event): event is Reported => event.kind === "reported");
const tells = ({ events }: Evidence) => events.filter((event): event is Told => event.kind === "told");
const rowsByNumber = ({ tables }: Evidence) => new Map(tables.trials.map((row) => [row.number, row]));
const codeOf = (state: string): number => trialStates.findIndex((name) => name.toUpperCase() === state);
const sameNumbers = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((value, index) => Object.is(value, b[index]));

/** Every number from 0 without a gap, each once. */
export const numbersAreDense: Invariant = ({ tables, maxTrials }) => {
  const broken = tables.trials.flatMap(({ number }, index) =>
    number === index ? [] : [`place ${index} has number ${number}`],
  );
  if (tables.trials.length !== maxTrials)
    broken.push(`${tables.trials.length} trials exist, not ${maxTrials}`);
  return broken;
};

/** Exactly `max_trials` have ended, and that is why the study has finished. */
export const studyIsFinished: Invariant = (evidence) => {
  const { clock, trials, leases, reports: left } = evidence.tables;
  const broken = trials
    .filter(({ state }) => state < 3)
    .map(({ number, state }) => `${trialStates[state]} for ever: ${historyOf(evidence, number)}`);
  if (clock.state !== 3 || clock.finish_reason !== 2)
    broken.push(
      `the study is in state ${clock.state} for reason ${clock.finish_reason}, not finished for max_trials`,
    );
  if (leases.length > 0) broken.push(`leases of ended trials are left: ${leases.join()}`);
  if (left.length > 0)
    broken.push(`reports of ended trials are left outside of their curves: ${left.join()}`);
  return broken;
};

/** The clock's counters are what counting the trials gives. */
export const countersAreTrue: Invariant = ({ tables: { clock, trials }, samples }) => {
  const counted = [1, 2, 3, 4, 5, 6].map((code) => trials.filter(({ state }) => state === code).length);
  const broken = sameNumbers(counted, clock.counters)
    ? []
    : [`in the end: counted ${counted.join()}, clock ${clock.counters.join()}`];
  for (const sample of samples) {
    if (!sameNumbers(sample.counted, sample.counters))
      broken.push(`at ${sample.at}: counted ${sample.counted.join()}, clock ${sample.counters.join()}`);
  }
  return broken;
};

/** One accepted tell each, and what was told is what the table says. */
export const tellsAreExact: Invariant = (evidence) => {
  const { trials } = evidence.tables;
  const rows = rowsByNumber(evidence);
  const broken: string[] = [];
  const keys = new Set<string>();
  for (const { number, tell_key: key } of trials) {
    if (key === null || keys.has(key))
      broken.push(`ended by no tell of its own: ${historyOf(evidence, number)}`);
    else keys.add(key);
  }
  for (const told of tells(evidence)) {
    const row = rows.get(told.number);
    if (told.refusal !== "") continue;
    const isKept =
      row?.tell_key === told.requestId &&
      row.tell_attempt === told.attempt &&
      row.state === codeOf(told.state) &&
      sameNumbers(row.values, told.values);
    if (!isKept)
      broken.push(`a tell was acknowledged and is not the result: ${historyOf(evidence, told.number)}`);
  }
  return broken;
};

/** A result that came after another worker's is kept beside it, and only such a result is refused. */
export const lateTellsAreKept: Invariant = (evidence) => {
  const rows = rowsByNumber(evidence);
  const late = new Map(evidence.tables.late.map((row) => [`${row.number}-${row.attempt}`, row]));
  return tells(evidence).flatMap((told) => {
    if (told.refusal === "") return [];
    const isFirst = rows.get(told.number)?.tell_attempt === told.attempt;
    const kept = late.get(`${told.number}-${told.attempt}`);
    const isKept = kept !== undefined && sameNumbers(kept.values, told.values);
    // Without a token nobody can know whose result it is: that worker was told so.
    const isFine = !isFirst && (told.refusal === "LEASE_LOST" ? isKept : true);
    return isFine ? [] : [`refused with ${told.refusal} and not kept: ${historyOf(evidence, told.number)}`];
  });
};

/** Reports that were acknowledged to the attempt that told are in its curve, and nothing else is. */
export const reportsAreKept: Invariant = (evidence) => {
  const rows = rowsByNumber(evidence);
  const broken = reports(evidence).flatMap(({ number, attempt, step, value, leaseExpiresAt }) => {
    const row = rows.get(number);
    if (leaseExpiresAt === undefined || row === undefined || row.tell_attempt !== attempt) return [];
    return curveOf(row).get(step) === value
      ? []
      : [
          `step ${step} of attempt ${attempt} was acknowledged and is missing: ${historyOf(evidence, number)}`,
        ];
  });
  for (const row of rows.values()) {
    const isOwn = [...curveOf(row)].every(
      ([step, value]) => value === reportedValue(row.number, row.tell_attempt ?? 0, step),
    );
    if (!isOwn) broken.push(`has reports of another attempt than told: ${historyOf(evidence, row.number)}`);
  }
  return broken;
};

function curveOf({ curve_steps, curve_values }: TrialRow): Map<number, number | undefined> {
  return new Map((curve_steps ?? []).map((step, index) => [step, curve_values?.[index]?.[0]]));
}

/** Never more than `max_running` leases, by the tables at any sampled moment and by what workers were promised. */
export const budgetIsExact: Invariant = (evidence) => {
  const { samples, maxRunning, maxTrials } = evidence;
  const broken = samples
    .filter(({ leases, nextNumber }) => leases > maxRunning || nextNumber > maxTrials)
    .map(({ at, leases, nextNumber }) => `at ${at}: ${leases} leases, ${nextNumber} trials`);
  const [most, at] = mostLeases(evidence);
  if (most > maxRunning) broken.push(`workers held ${most} leases at once at ${at}`);
  return broken;
};

/**
 * How many leases were surely alive at once. From each acknowledgement until the expiry that it named, a trial has a lease, unless it
 * has ended before: a sound lower bound, since a renewal or another attempt only makes it longer.
 */
function mostLeases(evidence: Evidence): [most: number, at: number] {
  const rows = rowsByNumber(evidence);
  const spans = new Map<number, [from: number, to: number][]>();
  const add = (number: number, from: number, expiry: number | undefined) => {
    const to = Math.min(expiry ?? 0, rows.get(number)?.ended_at?.getTime() ?? Infinity);
    if (to > from) spans.set(number, [...(spans.get(number) ?? []), [from, to]]);
  };
  for (const { answeredAt, trials } of asks(evidence))
    for (const { number, leaseExpiresAt } of trials) add(number, answeredAt, leaseExpiresAt);
  for (const { answeredAt, number, leaseExpiresAt } of reports(evidence))
    add(number, answeredAt, leaseExpiresAt);
  const changes = [...spans.values()].flatMap((list) =>
    merged(list).flatMap(([from, to]): [number, number][] => [
      [from, 1],
      [to, -1],
    ]),
  );
  let [held, most, at] = [0, 0, 0];
  // Ends before beginnings: two spans that touch do not overlap.
  for (const [time, change] of changes.toSorted((a, b) => a[0] - b[0] || a[1] - b[1])) {
    held += change;
    if (held > most) [most, at] = [held, time];
  }
  return [most, at];
}

function merged(spans: readonly [number, number][]): [number, number][] {
  const result: [number, number][] = [];
  for (const [from, to] of spans.toSorted((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else result.push([from, to]);
  }
  return result;
}

/** Longest time that a lease may be past its end, seconds: the replicas sweep every 2.5 s, and a sweep takes its time. */
const sweepSeconds = 2.5 + 6;

/** A trial runs if and only if it has a lease, and none runs past lease and sweep. */
export const nothingIsStranded: Invariant = ({ samples }) =>
  samples.flatMap(({ at, orphans, overdueSeconds }, index) => {
    const broken: string[] = [];
    if (orphans.length > 0)
      broken.push(`at ${at}: trials ${orphans.join()} run without a lease, or have one without running`);
    if (overdueSeconds - stalledSeconds(samples, index, overdueSeconds) > sweepSeconds)
      broken.push(`at ${at}: a lease is ${overdueSeconds} s past its end`);
    return broken;
  });

/** For how long of the seconds before a sample the machine let nobody run, by the gaps between samples: not even a sweep. */
function stalledSeconds(samples: readonly Sample[], index: number, seconds: number): number {
  const from = (samples[index]?.at ?? 0) - seconds * 1_000;
  let stalled = 0;
  for (let newer = index; newer > 0 && (samples[newer]?.at ?? 0) > from; newer--) {
    const gap = (samples[newer]?.at ?? 0) - Math.max(from, samples[newer - 1]?.at ?? 0);
    stalled += Math.max(0, gap - usualGapMs);
  }
  return stalled / 1_000;
}

/** Time between two samples on a machine that is not overloaded, at most. */
const usualGapMs = 500;

/** Change numbers name one change each, and only grow. */
export const changesAreOrdered: Invariant = (evidence) => {
  const { samples, tables } = evidence;
  const broken: string[] = [];
  const seen = new Set<number>();
  for (const { number, seq, end_seq: end, history_seq: history } of tables.trials) {
    if (seen.has(seq) || seq !== end || history >= seq || seq > tables.clock.change_seq)
      broken.push(
        `change ${seq} is not the only and last one, after ${history}: ${historyOf(evidence, number)}`,
      );
    seen.add(seq);
  }
  for (const [index, { at, changeSeq, nextNumber }] of samples.entries()) {
    const before = samples[index - 1];
    if (before !== undefined && (changeSeq < before.changeSeq || nextNumber < before.nextNumber))
      broken.push(
        `at ${at}: change ${changeSeq} and number ${nextNumber} came after ${before.changeSeq} and ${before.nextNumber}`,
      );
  }
  return broken;
};

/** The same request id gets the same trials, also where the first answer was lost; no two requests get the same attempt. */
export const requestsAreAnsweredOnce: Invariant = (evidence) => {
  const answers = [
    ...asks(evidence).map(({ requestId, trials }) => ({
      requestId,
      trials: trials.map(({ leaseToken, params }) => `${leaseToken} ${params}`),
    })),
    ...evidence.lost.flatMap(({ procedure, status, request, answer }) => {
      if (procedure !== "AskTrials" || status !== 200) return [];
      const { trials } = JSON.parse(answer) as AskJson;
      const { requestId } = JSON.parse(request) as { requestId: string };
      return [
        {
          requestId,
          trials: trials.map(({ leaseToken, params }) => `${leaseToken} ${paramsText(params)}`),
        },
      ];
    }),
  ];
  const byRequest = new Map<string, string>();
  const byLease = new Map<string, string>();
  const broken: string[] = [];
  for (const { requestId, trials } of answers) {
    // An answer without trials is no answer yet: a repeat may get some.
    if (trials.length === 0) continue;
    const known = byRequest.get(requestId) ?? trials.join();
    byRequest.set(requestId, known);
    if (known !== trials.join()) broken.push(`request ${requestId} got ${known}, then ${trials.join()}`);
    for (const trial of trials) {
      const holder = byLease.get(trial) ?? requestId;
      byLease.set(trial, holder);
      if (holder !== requestId) broken.push(`${trial} went to request ${holder} and to ${requestId}`);
    }
  }
  return broken;
};

/** A report sent after another worker had got the trial, or after it had ended, was told to stop. */
export const staleWorkersAreFenced: Invariant = (evidence) => {
  const handedAt = new Map<string, number>();
  for (const { answeredAt, trials } of asks(evidence)) {
    for (const { number, attempt } of trials) {
      const key = `${number}-${attempt}`;
      handedAt.set(key, Math.min(handedAt.get(key) ?? Infinity, answeredAt));
    }
  }
  const toldAt = new Map<number, number>();
  for (const { number, answeredAt, refusal } of tells(evidence))
    if (refusal === "") toldAt.set(number, answeredAt);
  return reports(evidence).flatMap(({ number, attempt, sentAt, leaseExpiresAt }) => {
    const lostAt = Math.min(
      handedAt.get(`${number}-${attempt + 1}`) ?? Infinity,
      toldAt.get(number) ?? Infinity,
    );
    return leaseExpiresAt !== undefined && sentAt > lostAt
      ? [
          `attempt ${attempt} reported at ${sentAt} although it had lost the trial: ${historyOf(evidence, number)}`,
        ]
      : [];
  });
};

/** Nobody got an answer that there is no reason for, and no replica met an error that nobody foresaw. */
export const nothingIsSurprising: Invariant = ({ events, errors }) => [
  ...events.flatMap((event) => (event.kind === "surprise" ? [`${event.worker}: ${event.text}`] : [])),
  ...errors,
];

/** The export says what the tables say. */
export const exportIsTrue: Invariant = (evidence) => {
  const rows = rowsByNumber(evidence);
  const trials = evidence.exported.flatMap(({ item }) => (item.case === "trial" ? [item.value] : []));
  const broken = trials.flatMap((trial) => {
    const row = rows.get(trial.number);
    const curve = new Map(trial.measurements.map(({ step, values }) => [step, values[0]]));
    const isSame = row !== undefined && isRow(trial, row) && sameCurve(curve, curveOf(row));
    const seen = `exported as state ${trial.state}, values ${trial.values.join()}`;
    return isSame ? [] : [`${seen}: ${historyOf(evidence, trial.number)}`];
  });
  if (trials.length !== rows.size) broken.push(`${trials.length} trials exported of ${rows.size}`);
  return broken;
};

/** Every suggestion that the replicas made, cold or warm, follows from the export alone. */
export const suggestionsFollow: Invariant = (evidence) => {
  const { specs, trials } = readExport(evidence.exported);
  const replayed = [...replayStudy(specs, trials)];
  const broken = replayed.flatMap(({ trial, computed, isSame }) =>
    isSame ? [] : [`computed ${JSON.stringify(computed)}: ${historyOf(evidence, trial.number)}`],
  );
  if (replayed.length !== trials.length)
    broken.push(`${replayed.length} suggestions of ${trials.length} trials`);
  return broken;
};

function isRow({ state, values, revision, endRevision }: Trial, row: TrialRow): boolean {
  return (
    state === row.state &&
    sameNumbers(values, row.values) &&
    Number(revision) === row.seq &&
    Number(endRevision) === row.end_seq
  );
}

function sameCurve(
  a: ReadonlyMap<number, number | undefined>,
  b: ReadonlyMap<number, number | undefined>,
): boolean {
  return a.size === b.size && [...a].every(([step, value]) => b.get(step) === value);
}

/** Who only watched, across every broken stream, has seen each trial as it ended, and every change in its order. */
export const watchersSeeEverything: Invariant = (evidence) => {
  const { trials, problems } = evidence.watched;
  const unseen = evidence.tables.trials.flatMap((row) => {
    const seen = trials.get(row.number);
    return seen !== undefined && isRow(seen, row)
      ? []
      : [
          `watched as ${seen === undefined ? "nothing" : trialStates[seen.state]}: ${historyOf(evidence, row.number)}`,
        ];
  });
  return [...problems, ...unseen];
};
