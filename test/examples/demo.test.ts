import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { root } from "../support/server.ts";

async function leftovers(): Promise<string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith("asktell-demo-"));
}

test("npm run demo tunes a network with three workers, prints the best trial and leaves nothing behind", async () => {
  const before = await leftovers();
  const script = join(root, "examples/demo/demo.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [script, "--trials", "24"]);
  for (const worker of ["worker-1", "worker-2", "worker-3"]) expect(stdout).toContain(`by ${worker}`);
  expect(stdout.match(/^trial /gm)).toHaveLength(24);
  const loss = Number(/best: trial \d+, log loss ([\d.]+)/.exec(stdout)?.[1]);
  expect(loss).toBeLessThan(0.12);
  expect(stdout).toMatch(/dashboard: http:\/\/.+\/projects\/default\/studies\/demo#token=at_/);
  expect(await leftovers()).toEqual(before);
});
