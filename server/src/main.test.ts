import { spawnSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";

test("a command whose output cannot be written, such as to a full disk, says so in a line and fails", () => {
  const unwritable = openSync(fileURLToPath(import.meta.url), "r");
  onTestFinished(() => closeSync(unwritable));
  const main = fileURLToPath(new URL("main.ts", import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [main, "version"], {
    stdio: ["ignore", unwritable, "pipe"],
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: expect.stringMatching(/^asktell: Standard output cannot be written: EBADF.*\n$/),
  });
});
