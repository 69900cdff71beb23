import { describe, expect, test } from "vitest";
import { checkBind, isLoopback } from "./bind.ts";

const plain = { tls: false, insecure: false };

describe("checkBind", () => {
  test.each(["127.0.0.1", "127.9.9.9", "::1", "[::1]", "::ffff:127.0.0.1", "localhost", "LOCALHOST"])(
    "lets cleartext listen on %s",
    (host) => {
      expect(checkBind(host, plain)).toBeUndefined();
    },
  );

  test.each([
    "0.0.0.0",
    "::",
    "10.0.0.1",
    "192.168.1.2",
    "2001:db8::1",
    "example.org",
    "localhost.example.org",
    "",
  ])("refuses cleartext on %j and says what to do", (host) => {
    const sentence = checkBind(host, plain);
    for (const way of ["--tls-cert", "127.0.0.1", "--insecure"]) expect(sentence).toContain(way);
  });

  test("lets TLS, and an operator who says so, listen anywhere", () => {
    expect(checkBind("0.0.0.0", { tls: true, insecure: false })).toBeUndefined();
    expect(checkBind("0.0.0.0", { tls: false, insecure: true })).toBeUndefined();
  });
});

test("a name that merely begins with 127 is not loopback", () => {
  expect(isLoopback("127.0.0.1.example.org")).toBe(false);
});
