// Builds the dashboard if dashboard/build is missing or was made from other sources. Run by `npm ci`, `npm start` and the tests,
// several of which may run at once. Never fails: the service works without its web page, so a failed build must not stop an
// installation or a start.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { builtHash, dashboardDir, sourceHash } from "./sources.js";

const work = join(dashboardDir, ".svelte-kit");
const lock = join(work, "building");
const stale = () => builtHash() !== sourceHash();

if (existsSync(join(dashboardDir, "src"))) {
  if (toolsInstalled()) {
    if (stale()) buildOnce();
    else describeTypes();
  } else if (stale())
    console.warn(
      "The dashboard is not built: its build tools are development dependencies, which are not installed.",
    );
}

/** Types that a build writes into node_modules and each `npm ci` removes; without them nothing can be linted. */
function describeTypes() {
  if (existsSync(join(dashboardDir, "node_modules", "$app"))) return;
  spawnSync("npm", ["exec", "--", "svelte-kit", "sync"], {
    cwd: dashboardDir,
    shell: process.platform === "win32",
  });
}

function buildOnce() {
  mkdirSync(work, { recursive: true });
  const mine = takeLock();
  try {
    // Whoever had the lock may have built what is needed.
    if (stale()) build();
  } finally {
    if (mine) rmSync(lock, { recursive: true, force: true });
  }
}

function build() {
  console.log("building the dashboard …");
  const begun = performance.now();
  const fresh = join(work, "site");
  // Through npm, so that the project's own Node comes first on the PATH, whatever Node npm runs on.
  const run = spawnSync("npm", ["run", "--silent", "build"], {
    cwd: dashboardDir,
    encoding: "utf8",
    // Test runners say NODE_ENV=test, with which Svelte comes with its checks for development: larger and slower.
    env: { ...process.env, NODE_ENV: "production", ASKTELL_DASHBOARD_OUT: fresh },
    shell: process.platform === "win32",
  });
  if (run.status === 0) {
    // A server that reads the folder meanwhile finds the old build or the new one, whole.
    const place = join(dashboardDir, "build");
    rmSync(join(work, "old"), { recursive: true, force: true });
    if (existsSync(place)) renameSync(place, join(work, "old"));
    renameSync(fresh, place);
    rmSync(join(work, "old"), { recursive: true, force: true });
    console.log(`built the dashboard in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
    return;
  }
  const cause = run.error === undefined ? `${run.stdout}${run.stderr}`.trim() : run.error.message;
  console.warn(cause.split("\n").slice(-20).join("\n"));
  console.warn(
    "The dashboard could not be built, for the reason above. The service works without it; to try again: npm run build -w dashboard",
  );
}

/** False after `npm ci --omit=dev`. */
function toolsInstalled() {
  try {
    createRequire(join(dashboardDir, "package.json")).resolve("@sveltejs/kit/package.json");
    return true;
  } catch {
    return false;
  }
}

/** Waits while another process builds; true once the lock is ours. Gives up waiting after three minutes. */
function takeLock() {
  for (let waited = 0; waited < 180_000; waited += 250) {
    try {
      mkdirSync(lock);
      writeFileSync(join(lock, "pid"), String(process.pid));
      return true;
    } catch {
      if (abandoned()) rmSync(lock, { recursive: true, force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250);
    }
  }
  return false;
}

/** Whether the process that took the lock is gone. */
function abandoned() {
  try {
    const pid = Number(readFileSync(join(lock, "pid"), "utf8"));
    if (pid > 0) process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
}
