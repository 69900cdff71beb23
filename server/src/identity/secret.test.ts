import { fc } from "../../../test/support/fast-check.ts";
import { expect, test } from "vitest";
import { createSecret, hashSecret, hintOf, isSecret, secretPattern } from "./secret.ts";

test("a token has 52 characters of the published form, at both ends of the range", () => {
  for (const byte of [0x00, 0xff]) {
    const secret = createSecret(Buffer.alloc(32, byte));
    expect(secret).toMatch(secretPattern);
    expect(secret).toHaveLength(52);
    expect(isSecret(secret)).toBe(true);
  }
});

test("tokens differ", () => {
  expect(new Set(Array.from({ length: 100 }, () => createSecret())).size).toBe(100);
});

test("a token with one wrong character is recognised as mistyped", () => {
  const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });
  const typo = fc.record({
    at: fc.integer({ min: 3, max: 51 }),
    to: fc.constantFrom("0", "a", "Z", "9", "k"),
  });
  fc.assert(
    fc.property(bytes, typo, (random, { at, to }) => {
      const secret = createSecret(Buffer.from(random));
      const mistyped = secret.slice(0, at) + to + secret.slice(at + 1);
      expect(isSecret(mistyped)).toBe(mistyped === secret);
    }),
  );
});

test.each(["", "at_", "Bearer x", `hpo_${"0".repeat(49)}`, `${createSecret()} `, `${createSecret()}\n`])(
  "%j is no token",
  (text) => {
    expect(isSecret(text)).toBe(false);
  },
);

test("the hash is the token's SHA-256 and the hint its first characters", () => {
  const secret = createSecret(Buffer.alloc(32));
  expect(hashSecret(secret)).toHaveLength(32);
  expect(hintOf(secret)).toBe("at_00000");
});
