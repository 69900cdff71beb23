import { type InferEntity, defineEntity, p } from "@mikro-orm/core";
import { AppUser } from "./app-user.ts";
import { Project } from "./project.ts";

/** An API token; its secret is known to its holder only, the row keeps the secret's SHA-256. */
export const ApiToken = defineEntity({
  name: "ApiToken",
  tableName: "api_token",
  // Hours, not days: `+ 1 day` depends on the session's time zone where the clocks change.
  checks: [
    {
      name: "api_token_validity_check",
      expression:
        "(expires_at >= (created_at + '24:00:00'::interval)) AND (expires_at <= (created_at + '8784:00:00'::interval))",
    },
    { name: "api_token_scope_check", expression: "(scope >= 1) AND (scope <= 4)" },
    { name: "api_token_kind_check", expression: "(kind >= 1) AND (kind <= 2)" },
  ],
  indexes: [{ properties: ["project", "id"] }],
  properties: {
    id: p.bigint("number").primary().generated("by default as identity"),
    project: () => p.manyToOne(Project),
    user: () => p.manyToOne(AppUser).nullable().deleteRule("no action"),
    displayName: p.text(),
    /** The first characters of the secret. */
    hint: p.text(),
    /** SHA-256 of the secret, 32 bytes. */
    hash: p.type("bytea").$type<Buffer>().unique(),
    /** The widest scope: 1 read, 2 work, 3 manage, 4 edit, as in asktell.v1.Scope. */
    scope: p.smallint(),
    createdAt: p.datetime(6).defaultRaw("now()"),
    expiresAt: p.datetime(6),
    lastUsedAt: p.datetime(6).nullable(),
    /** Lies ahead for a token that was rotated and still overlaps with its successor. */
    revokedAt: p.datetime(6).nullable(),
    /** 1 for programs, 2 a link to look at a study. */
    kind: p.smallint().default(1),
    /** The only study that it reaches. Not a reference: a token of a deleted study must not widen, it opens nothing. */
    studyId: p.bigint("number").nullable(),
    /** How many trials it may be handed. */
    maxAsks: p.integer().nullable(),
    /** How many trials it was handed; counted for tokens with a cap only. */
    asks: p.integer().default(0),
    /** The address of its last use. */
    lastUsedFrom: p.text().default(""),
    /** The first of the tokens that this one has replaced by rotation; it counts the asks of them all. */
    originId: p.bigint("number").nullable(),
  },
});

export type ApiToken = InferEntity<typeof ApiToken>;
