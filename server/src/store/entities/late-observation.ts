import { type InferEntity, defineEntity, p } from "@mikro-orm/core";

/** A result told after its trial had passed to another worker and been told by that one: kept, but not counted. */
export const LateObservation = defineEntity({
  name: "LateObservation",
  tableName: "late_observation",
  properties: {
    studyId: p.bigint("number").primary(),
    number: p.integer().primary(),
    attempt: p.integer().primary(),
    /** As asktell.v1.TrialState. */
    state: p.smallint(),
    values: p.array<number>().columnType("double precision[]"),
    metrics: p.json<Record<string, unknown>>(),
    worker: p.text(),
    toldAt: p.datetime(6).defaultRaw("now()"),
  },
});

export type LateObservation = InferEntity<typeof LateObservation>;
