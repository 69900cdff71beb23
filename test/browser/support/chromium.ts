import { existsSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { root } from "../../support/server.ts";
import { leaveOut } from "../../support/toolchain.ts";

/** How long a browser may take for a step, in milliseconds: an end for what hangs on a busy machine, no bar. */
export const patience = 90_000;

const executable = [
  process.env["CHROMIUM"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
].find((path) => path !== undefined && existsSync(path));

/** Whether browser tests are left out here, for want of a Chromium; says so. */
export function leaveOutBrowser(what: string): boolean {
  return leaveOut(what, [executable === undefined && "Chromium (or its path in CHROMIUM)"]);
}

/** Starts the machine's own Chromium without a window, and builds the dashboard if it has changed. */
export async function startBrowser(): Promise<Browser> {
  const build = spawnSync(process.execPath, [join(root, "dashboard/scripts/ensure-build.js")], {
    encoding: "utf8",
  });
  if (!existsSync(join(root, "dashboard/build/200.html"))) throw new Error(`${build.stdout}${build.stderr}`);
  return await chromium.launch({
    ...(executable === undefined ? {} : { executablePath: executable }),
    timeout: patience,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
