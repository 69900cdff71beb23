import { type InferEntity, defineEntity, p } from "@mikro-orm/core";

/** A link that signs its bearer in as the local user, once. */
export const LoginLink = defineEntity({
  name: "LoginLink",
  tableName: "login_link",
  properties: {
    /** SHA-256 of the code in the link. */
    hash: p.type("bytea").$type<Buffer>().primary(),
    createdAt: p.datetime(6).defaultRaw("now()"),
    expiresAt: p.datetime(6),
  },
});

export type LoginLink = InferEntity<typeof LoginLink>;
