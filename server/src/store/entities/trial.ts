import { type InferEntity, defineEntity, p } from "@mikro-orm/core";

/** A trial, from its suggestion to its outcome; `(study_id, number)` keeps a study's trials together. */
export const Trial = defineEntity({
  name: "Trial",
  tableName: "trial",
  checks: [{ name: "trial_state_check", expression: "(state >= 1) AND (state <= 6)" }],
  properties: {
    studyId: p.bigint("number").primary(),
    number: p.integer().primary(),
    /** As asktell.v1.TrialState. */
    state: p.smallint(),
    attempt: p.integer().default(0),
    /** The study's `change_seq` at this row's last change; in no index, see `hot/change-log.ts`. */
    seq: p.bigint("number"),
    /** The study's `change_seq` at the tell; 0 before. */
    endSeq: p.bigint("number").defaultRaw("0"),
    params: p.json<Record<string, unknown>>(),
    values: p.array<number>().columnType("double precision[]").defaultRaw("'{}'::double precision[]"),
    metrics: p.json<Record<string, unknown>>().defaultRaw("'{}'::jsonb"),
    violation: p.double().default(0),
    worker: p.text().default(""),
    failure: p.text().default(""),
    attributes: p.json<Record<string, unknown>>().defaultRaw("'{}'::jsonb"),
    sampler: p.text().default(""),
    reason: p.text().default(""),
    /** The `change_seq` that the sampler saw. */
    historySeq: p.bigint("number").defaultRaw("0"),
    specVersion: p.integer(),
    /** The parameters that the caller fixed. */
    fixed: p.json<Record<string, unknown>>().nullable(),
    tellKey: p.text().nullable(),
    tellAttempt: p.integer().nullable(),
    createdAt: p.datetime(6).defaultRaw("now()"),
    startedAt: p.datetime(6).nullable(),
    endedAt: p.datetime(6).nullable(),
    // The intermediate values, moved here by the tell.
    curveSteps: p.array<number>().columnType("int[]").nullable(),
    /** Steps x objectives, row major. */
    curveValues: p.array<number>().columnType("double precision[]").nullable(),
    curveMetrics: p.json<unknown>().nullable(),
    curveTimes: p.array<Date>().columnType("timestamptz[]").nullable(),
    /** What the sampler's model expected: a mean for each objective, then a standard deviation for each. Null without a model. */
    expected: p.array<number>().columnType("double precision[]").nullable(),
    /** Null for a trial that was never edited. */
    formerPoints: p.json<{ params: Record<string, unknown>; until: number }[]>().nullable(),
    /** Of the lease that ended last, for its worker to get the same again; null while none has ended. */
    leaseSeconds: p.double().nullable(),
  },
});

export type Trial = InferEntity<typeof Trial>;
