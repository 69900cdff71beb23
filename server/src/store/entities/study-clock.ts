import { type InferEntity, defineEntity, p } from "@mikro-orm/core";

const counters = ["waiting", "running", "completed", "pruned", "failed", "infeasible"] as const;

/**
 * The narrow, hot row of a study. Whoever changes one of its trials bumps `change_seq` here in the same statement, so
 * that the row's lock orders the study's changes.
 */
export const StudyClock = defineEntity({
  name: "StudyClock",
  tableName: "study_clock",
  checks: counters.map((name) => ({ name: `study_clock_${name}_check`, expression: `${name} >= 0` })),
  properties: {
    studyId: p.bigint("number").primary().autoincrement(false),
    /** As asktell.v1.StudyState. */
    state: p.smallint(),
    /** As asktell.v1.FinishReason. */
    finishReason: p.smallint().default(0),
    finishedAt: p.datetime(6).nullable(),
    specVersion: p.integer(),
    maxTrials: p.integer().nullable(),
    maxRunning: p.integer().nullable(),
    maxAttempts: p.integer(),
    /** 1 when the one objective is minimised, −1 when it is maximised, 0 when there are several. */
    goal: p.smallint(),
    /** The best completed, feasible trial of a single objective, kept by whatever ends trials. */
    bestNumber: p.integer().nullable(),
    bestValue: p.double().nullable(),
    nextNumber: p.integer().default(0),
    changeSeq: p.bigint("number").defaultRaw("0"),
    waiting: p.integer().default(0),
    running: p.integer().default(0),
    completed: p.integer().default(0),
    pruned: p.integer().default(0),
    failed: p.integer().default(0),
    infeasible: p.integer().default(0),
  },
});

export type StudyClock = InferEntity<typeof StudyClock>;
