import { type InferEntity, defineEntity, p } from "@mikro-orm/core";
import { AppUser } from "./app-user.ts";

/** A browser that somebody has signed in with. Its secret is in the browser's cookie only, the row keeps the SHA-256. */
export const Session = defineEntity({
  name: "Session",
  tableName: "session",
  checks: [
    { name: "session_method_check", expression: "method = ANY (ARRAY['provider'::text, 'link'::text])" },
  ],
  properties: {
    id: p.bigint("number").primary().generated("by default as identity"),
    user: () => p.manyToOne(AppUser).deleteRule("cascade").index(),
    hash: p.type("bytea").$type<Buffer>().unique(),
    method: p.text().$type<"provider" | "link">(),
    /** The provider's tokens, encrypted under a key that only the cookie gives. */
    sealed: p.type("bytea").$type<Buffer>().nullable(),
    /** Where it was signed in from. */
    address: p.text().default(""),
    userAgent: p.text().default(""),
    createdAt: p.datetime(6).defaultRaw("now()"),
    /** The last use, within a minute or so. */
    seenAt: p.datetime(6).defaultRaw("now()"),
    /** When the provider was last asked whether it still knows the person. */
    checkedAt: p.datetime(6).defaultRaw("now()"),
    expiresAt: p.datetime(6).index(),
  },
});

export type Session = InferEntity<typeof Session>;
