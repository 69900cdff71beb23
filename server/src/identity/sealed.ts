import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

const algorithm = "aes-256-gcm";
const ivBytes = 12;
const tagBytes = 16;

/**
 * Encrypts a text for the bearer of a session's secret, of which the database has the hash only: whoever reads the
 * database cannot read this, and there is no key to keep safe besides.
 *
 * @param secret - 256 random bits in any notation
 * @returns the initialisation vector, the tag and the ciphertext, one after the other
 */
export function seal(secret: string, text: string): Buffer {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv(algorithm, keyOf(secret), iv);
  const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]);
}

/** Throws for what was not sealed with this secret. */
export function unseal(secret: string, sealed: Buffer): string {
  const decipher = createDecipheriv(algorithm, keyOf(secret), sealed.subarray(0, ivBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAuthTag(sealed.subarray(ivBytes, ivBytes + tagBytes));
  const body = sealed.subarray(ivBytes + tagBytes);
  return decipher.update(body, undefined, "utf8") + decipher.final("utf8");
}

/** HKDF (RFC 5869): the secret is uniformly random, so that no salt is needed. */
function keyOf(secret: string): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, "", "asktell session", 32));
}
