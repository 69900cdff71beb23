import { type InferEntity, defineEntity, p } from "@mikro-orm/core";

/** Somebody who was sent to the identity provider and is expected back. */
export const LoginAttempt = defineEntity({
  name: "LoginAttempt",
  tableName: "login_attempt",
  properties: {
    /** SHA-256 of the `state` parameter. */
    hash: p.type("bytea").$type<Buffer>().primary(),
    /** SHA-256 of the cookie of the browser that was sent. */
    browserHash: p.type("bytea").$type<Buffer>(),
    /** To be found in the ID token. */
    nonce: p.text(),
    /** PKCE (RFC 7636). */
    verifier: p.text(),
    /** The path to return to. */
    next: p.text(),
    expiresAt: p.datetime(6).index(),
  },
});

export type LoginAttempt = InferEntity<typeof LoginAttempt>;
