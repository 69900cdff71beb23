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
    reports: p.integer().default(0),
  },
});

export type Running = InferEntity<typeof Running>;
