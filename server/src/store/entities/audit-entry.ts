import { type InferEntity, defineEntity, p } from "@mikro-orm/core";

/** One attempt to change something, written before it is made; the outcome follows. */
export const AuditEntry = defineEntity({
  name: "AuditEntry",
  tableName: "audit_entry",
  indexes: [{ properties: ["projectId", "id"] }],
  properties: {
    id: p.bigint("number").primary().generated("by default as identity"),
    projectId: p.bigint("number"),
    at: p.datetime(6).defaultRaw("now()"),
    /** token, user or link; command-line and browser have the id 0. */
    actorKind: p.text(),
    actorId: p.bigint("number"),
    /** The actor's name at the time. */
    actorName: p.text(),
    method: p.text(),
    target: p.text(),
    address: p.text(),
    /** A code such as `ok` or `not_found`; empty while the call runs, and for ever if the server died under it. */
    outcome: p.text().default(""),
  },
});

export type AuditEntry = InferEntity<typeof AuditEntry>;
