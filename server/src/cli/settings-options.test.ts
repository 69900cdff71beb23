import { Command } from "commander";
import { expect, test } from "vitest";
import { addSettings, addressSettings, dataSettings, repeatedFlags } from "./settings-options.ts";

/** What a command that is run with these words would tell another one. */
function repeated(words: readonly string[]): string {
  const command = addSettings(new Command(), [...dataSettings, ...addressSettings]).action(() => {});
  command.parse(words, { from: "user" });
  return repeatedFlags(command, [...dataSettings, "port"]);
}

test("flags are repeated as a shell reads them, those that the other command takes, in one order", () => {
  expect(repeated([])).toBe("");
  expect(repeated(["--host", "::1", "--port", "9000", "--data-dir", "/var/lib/asktell"])).toBe(
    " --data-dir /var/lib/asktell --port 9000",
  );
  expect(repeated(["--data-dir", "Ada's data", "--config", "a.yaml"])).toBe(
    " --data-dir 'Ada'\\''s data' --config a.yaml",
  );
});

test("a database's password is not repeated", () => {
  expect(repeated(["--database-url", "postgresql://ada:secret@db/asktell"])).toBe(" --database-url URL");
});
