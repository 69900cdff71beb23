import { createHash, randomBytes } from "node:crypto";

/** 256 random bits as 43 characters of base64url: what a session's cookie and a login link hold. */
const form = /^[A-Za-z0-9_-]{43}$/;

export function createCode(): string {
  return randomBytes(32).toString("base64url");
}

/** Whether this can be such a secret at all. */
export function isCode(text: string): boolean {
  return form.test(text);
}

/** What the database keeps. */
export function hashCode(code: string): Buffer {
  return createHash("sha256").update(code).digest();
}
