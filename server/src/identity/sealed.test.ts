import { expect, test } from "vitest";
import { seal, unseal } from "./sealed.ts";

const secret = "a".repeat(43);

test("what is sealed can be read with the secret again", () => {
  expect(unseal(secret, seal(secret, "refresh token: ü"))).toBe("refresh token: ü");
});

test("the same text is sealed differently each time, and never in clear", () => {
  const [first, second] = [seal(secret, "refresh"), seal(secret, "refresh")];
  expect(first.equals(second)).toBe(false);
  expect(first.includes("refresh")).toBe(false);
});

test("another secret, and a changed bit anywhere, are refused", () => {
  const sealed = seal(secret, "refresh");
  expect(() => unseal(`${secret.slice(1)}b`, sealed)).toThrow();
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(() => unseal(secret, changed)).toThrow();
  }
});
