import { createHash, randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";

/**
 * The form of an API token: `at_`, or `ats_` for a share link, 256 random bits as 43 base62 characters, and a CRC-32 of all that as 6
 * more. It needs no escaping in a URL, secret scanners find it by this pattern, and typing errors show without the database.
 */
export const secretPattern = /^ats?_[0-9A-Za-z]{49}$/;

const secretAnywhere = /(ats?)_[0-9A-Za-z]{49}/g;

/** Cuts secrets out of a text that others may read. */
export function withoutSecrets(text: string): string {
  return text.replace(secretAnywhere, "$1_[redacted]");
}

/** What a secret begins with, by what it is for. */
const secretPrefixes = { token: "at_", link: "ats_" } as const;

const bodyLength = 43;
const checksumLength = 6;
const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Makes a secret from 32 bytes, random unless a test gives them. */
export function createSecret(
  bytes: Buffer = randomBytes(32),
  kind: keyof typeof secretPrefixes = "token",
): string {
  const body = secretPrefixes[kind] + base62(BigInt(`0x${bytes.toString("hex")}`), bodyLength);
  return body + checksum(body);
}

/** Whether this can be a token at all: of the right form, with the right checksum. */
export function isSecret(text: string): boolean {
  return secretPattern.test(text) && checksum(text.slice(0, -checksumLength)) === text.slice(-checksumLength);
}

/** What the database keeps. A fast hash is right for a secret of 256 bits: there is nothing to guess. */
export function hashSecret(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}

/** Enough of a token to recognise it by, of no use to a guesser. */
export function hintOf(secret: string): string {
  return secret.slice(0, secret.indexOf("_") + 6);
}

function checksum(body: string): string {
  return base62(BigInt(crc32(body)), checksumLength);
}

/** Padded on the left with zeros; 62^43 > 2^256 and 62^6 > 2^32. */
function base62(value: bigint, length: number): string {
  let text = "";
  for (let rest = value; rest > 0n; rest /= 62n) text = alphabet[Number(rest % 62n)] + text;
  return text.padStart(length, "0");
}
