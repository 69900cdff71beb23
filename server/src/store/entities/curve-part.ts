import { type InferEntity, defineEntity, p } from "@mikro-orm/core";

/**
 * Some consecutive reports of one attempt of a running trial; the newest ones are still beside its lease. Each attempt has its own, since
 * any of them may be the one that tells in the end: the tell moves that one's into the trial's curve and drops the others.
 */
export const CurvePart = defineEntity({
  name: "CurvePart",
  tableName: "curve_part",
  properties: {
    studyId: p.bigint("number").primary(),
    number: p.integer().primary(),
    attempt: p.integer().primary(),
    /** Which report of the attempt the last one here is, from 1; of those that count. */
    last: p.integer().primary(),
    /** As reported: a step may occur again, and then its newest report counts. */
    steps: p.array<number>().columnType("int[]"),
    /** The values of all objectives of the first step, then of the second … */
    values: p.array<number>().columnType("double precision[]"),
    times: p.array<string>().columnType("timestamptz[]"),
    /** Of the last report; only that one may have any. */
    metrics: p.json<Record<string, unknown>>().nullable(),
  },
});

export type CurvePart = InferEntity<typeof CurvePart>;
