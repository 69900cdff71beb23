import { type InferEntity, defineEntity, p } from "@mikro-orm/core";

/** A person, known by an OIDC issuer's subject. (`user` is a reserved word of SQL.) */
export const AppUser = defineEntity({
  name: "AppUser",
  tableName: "app_user",
  uniques: [{ properties: ["issuer", "subject"] }],
  properties: {
    id: p.bigint("number").primary().generated("by default as identity"),
    issuer: p.text(),
    subject: p.text(),
    email: p.text().default(""),
    displayName: p.text().default(""),
    createdAt: p.datetime(6).defaultRaw("now()"),
  },
});

export type AppUser = InferEntity<typeof AppUser>;
