import { type InferEntity, defineEntity, p } from "@mikro-orm/core";

/**
 * One report of a running trial. Each attempt has its own, since any of them may be the one that tells in the end: the tell moves
 * that one's into the trial's curve and drops the others.
 */
export const Intermediate = defineEntity({
  name: "Intermediate",
  tableName: "intermediate",
  properties: {
    studyId: p.bigint("number").primary(),
    number: p.integer().primary(),
    attempt: p.integer().primary(),
    step: p.integer().primary(),
    /** In the order of the objectives. */
    values: p.array<number>().columnType("double precision[]"),
    metrics: p.json<Record<string, unknown>>().nullable(),
    reportedAt: p.datetime(6).defaultRaw("now()"),
  },
});

export type Intermediate = InferEntity<typeof Intermediate>;
