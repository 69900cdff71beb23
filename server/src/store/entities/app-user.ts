import { type InferEntity, defineEntity, p } from "@mikro-orm/core";

/** A person, known by an OIDC issuer's subject, or by the issuer `local`. (`user` is a reserved word of SQL.) */
export const AppUser = defineEntity({
  name: "AppUser",
  tableName: "app_user",
  uniques: [{ properties: ["issuer", "subject"] }],
  properties: {
    id: p.bigint("number").primary().generated("by default as identity"),
    issuer: p.text(),
    subject: p.text(),
    email: p.text().default(""),
    /** Whether the issuer vouches for the address; it counts for nothing otherwise. */
    emailVerified: p.boolean().default(false),
    displayName: p.text().default(""),
    /** As the issuer named them at the last sign-in or refresh. */
    groups: p.array<string>().columnType("text[]").defaultRaw("'{}'::text[]"),
    createdAt: p.datetime(6).defaultRaw("now()"),
    signedInAt: p.datetime(6).nullable(),
  },
});

export type AppUser = InferEntity<typeof AppUser>;
