import { expect, test } from "vitest";
import { createProgram } from "./program.ts";

/** Parses a command line that is not meant to succeed; answers what it wrote. */
async function write(args: string[]): Promise<string> {
  let text = "";
  const take = (piece: string) => void (text += piece);
  const program = createProgram((root) => {
    root.exitOverride().configureOutput({ writeOut: take, writeErr: take });
  });
  await program.parseAsync(args, { from: "user" }).catch(() => undefined);
  return text;
}

test.each([
  [["serve", "--prot", "80"], "Did you mean --port?"],
  [["sevre"], "Did you mean serve?"],
  [["token", "creat"], "Did you mean create?"],
  [["token", "create"], "required option '--name <text>' not specified"],
  [["token", "create", "--name", "x", "--scopes", "write"], '"write" is none of read, work, edit, manage.'],
  [["token", "create", "--name", "x", "--days", "366"], "It is an integer from 1 to 365."],
  [["token", "revoke", "x"], "It is a number."],
  [["backup"], "missing required argument 'file'"],
  [["backup", "-"], "Name a file; an archive cannot go through a pipe."],
])("%j is refused with a sentence that helps", async (args, message) => {
  const text = await write(args);
  expect(text).toContain(message);
  expect(text).toContain("Add --help");
});

const commands = [
  "serve",
  "migrate",
  "login-link",
  "backup",
  "restore",
  "version",
  "token create",
  "token list",
  "token revoke",
  "study list",
  "study export",
  "study replay",
];

test.each(commands)("%s explains itself with --help", async (command) => {
  expect(await write([...command.split(" "), "--help"])).toContain(`Usage: asktell ${command}`);
});
