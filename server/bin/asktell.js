#!/usr/bin/env node
// Plain JavaScript that an old Node reads too: it runs the program itself on Node 24, or on the one that npm installed.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const main = new URL("../src/main.ts", import.meta.url);

if (Number(process.versions.node.split(".")[0]) >= 24) await import(main.href);
else runWith(findNode(), [fileURLToPath(main), ...process.argv.slice(2)]);

/** The `node` package's own binary. */
function findNode() {
  const directory = dirname(createRequire(import.meta.url).resolve("node/package.json"));
  const found = ["bin/node", "bin/node.exe"]
    .map((name) => join(directory, name))
    .find((name) => existsSync(name));
  if (found !== undefined) return found;
  console.error(
    `asktell needs Node 24 or later, and this is ${process.version}. The npm package "node" brings one, but its install ` +
      'script has not run: run "npm rebuild node", or install Node 24.',
  );
  process.exit(1);
}

/** Stands in for the child: passes signals on, and ends as it ended. */
function runWith(node, args) {
  const child = spawn(node, args, { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    console.error(`asktell: ${node} does not start: ${error.message}`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}
