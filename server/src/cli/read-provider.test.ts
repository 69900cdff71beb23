import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readConfig } from "../config/read-config.ts";
import { CommandError } from "./command-error.ts";
import { readProvider } from "./read-provider.ts";

const directory = mkdtempSync(join(tmpdir(), "asktell-provider-"));
afterAll(() => rmSync(directory, { recursive: true }));

function read(secret?: string) {
  const file = join(directory, "secret");
  if (secret !== undefined) writeFileSync(file, secret);
  const flags = {
    "oidc-issuer": "https://gitlab.example.org",
    "oidc-client-id": "asktell",
    "oidc-client-secret-file": secret === undefined ? join(directory, "missing") : file,
  };
  return readProvider(readConfig({ flags, env: {}, cwd: "/" }));
}

test("without an issuer there is no provider", () => {
  expect(readProvider(readConfig({ flags: {}, env: {}, cwd: "/" }))).toBeUndefined();
});

test("the client's secret is what the file holds, without the line break at its end", () => {
  expect(read("s3cret with spaces\n")?.clientSecret).toBe("s3cret with spaces");
});

test("a secret that cannot be read, or is none, stops the start with the file's name", () => {
  expect(() => read()).toThrow(CommandError);
  expect(() => read()).toThrow(/missing/);
  expect(() => read("\n")).toThrow(/secret is empty/);
});
