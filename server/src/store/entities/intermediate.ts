import { type InferEntity, defineEntity, p } from "@mikro-orm/core";

/** One report of a running trial; the tell moves them into the trial's curve. */
export const Intermediate = defineEntity({
  name: "Intermediate",
  tableName: "intermediate",
  properties: {
    studyId: p.bigint("number").primary(),
    number: p.integer().primary(),
    step: p.integer().primary(),
    /** In the order of the objectives. */
    values: p.array<number>().columnType("double precision[]"),
    metrics: p.json<Record<string, unknown>>().nullable(),
    reportedAt: p.datetime(6).defaultRaw("now()"),
  },
});

export type Intermediate = InferEntity<typeof Intermediate>;
