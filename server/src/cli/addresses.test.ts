import { expect, test } from "vitest";
import { readConfig } from "../config/read-config.ts";
import { checkOrigin, publicUrl } from "./addresses.ts";

test.each([
  [{}, "http://127.0.0.1:9000"],
  [{ host: "::1" }, "http://[::1]:9000"],
  [{ host: "0.0.0.0" }, "http://localhost:9000"],
  [{ host: "box", "tls-cert": "/c", "tls-key": "/k" }, "https://box:9000"],
  [{ "public-url": "https://asktell.example.org/" }, "https://asktell.example.org"],
])("with %j users reach the server at %s", (flags, url) => {
  expect(publicUrl(readConfig({ flags, env: {}, cwd: "/" }), 9000)).toBe(url);
});

const provider = { "oidc-issuer": "https://gitlab.example.org", "oidc-client-id": "x" };
const check = (flags: object, origin: string) =>
  checkOrigin(readConfig({ flags, env: {}, cwd: "/" }), origin);

test("people sign in over TLS, or on this machine, or where the operator said that the network is trusted", () => {
  for (const origin of [
    "https://hpo.example.org",
    "http://127.0.0.1:1",
    "http://localhost:1",
    "http://[::1]:1",
  ])
    expect(() => check(provider, origin)).not.toThrow();
  expect(() => check({ ...provider, insecure: "true" }, "http://hpo.example.org")).not.toThrow();
  expect(() => check({}, "http://hpo.example.org")).not.toThrow();
  expect(() => check(provider, "http://hpo.example.org")).toThrow(
    "without TLS their sessions cross the network in cleartext",
  );
});
