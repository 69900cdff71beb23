// Builds the dashboard if dashboard/build is missing or was made from other sources. Run by `npm ci` and `npm start`.
// Never fails: the service works without its web page, so a failed build must not stop an installation or a start.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { builtHash, dashboardDir, sourceHash } from "./sources.js";

if (existsSync(join(dashboardDir, "src")) && builtHash() !== sourceHash()) build();

function build() {
  console.log("building the dashboard …");
  const begun = performance.now();
  // Through npm, so that the project's own Node comes first on the PATH, whatever Node npm runs on.
  const run = spawnSync("npm", ["run", "--silent", "build"], {
    cwd: dashboardDir,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (run.status === 0) {
    console.log(`built the dashboard in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
    return;
  }
  const cause = run.error === undefined ? `${run.stdout}${run.stderr}`.trim() : run.error.message;
  console.warn(cause.split("\n").slice(-20).join("\n"));
  console.warn(
    "The dashboard could not be built, for the reason above. The service works without it; to try again: npm run build -w dashboard",
  );
}
