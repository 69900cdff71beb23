import { type InferEntity, defineEntity, p } from "@mikro-orm/core";

/**
 * The lease of a running trial. A table of its own, and no index on the expiry, so that renewals are heap-only updates
 * that touch neither the trial nor an index.
 */
export const Running = defineEntity({
  name: "Running",
  tableName: "running",
  properties: {
    studyId: p.bigint("number").primary(),
    number: p.integer().primary(),
    /** Fencing: a write of an earlier attempt is refused. */
    attempt: p.integer(),
    worker: p.text(),
    leaseSeconds: p.double(),
    leaseExpiresAt: p.datetime(6),
    /** How many reports the attempt has made, repeats included. */
    reports: p.integer().default(0),
    /** How many of them count: not those whose step was reported again at once. */
    kept: p.integer().default(0),
    /** How many of these are in `curve_part`. The others follow; if there are no others, those that follow are the newest part. */
    parted: p.integer().default(0),
    steps: p.array<number>().columnType("int[]").defaultRaw("'{}'::int[]"),
    values: p.array<number>().columnType("double precision[]").defaultRaw("'{}'::double precision[]"),
    times: p.array<string>().columnType("timestamptz[]").defaultRaw("'{}'::timestamptz[]"),
  },
});

export type Running = InferEntity<typeof Running>;
