// What the dashboard is built from, and a name for its present content. Plain JavaScript: it runs before anything is built,
// on whatever Node npm itself runs on.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** The dashboard's own folder. */
export const dashboardDir = dirname(dirname(fileURLToPath(import.meta.url)));

const inputs = ["src", "static", "scripts", "vite.config.ts", "package.json", "../gen/ts/src/asktell"];

/**
 * A hash over the names and contents of everything the build reads, 16 hexadecimal digits: about 10 ms for the whole tree.
 * Contents rather than times, so that a fresh clone, a copy and a change of branch are all judged rightly.
 */
export function sourceHash() {
  const hash = createHash("sha256");
  for (const file of inputs.flatMap((input) => filesUnder(join(dashboardDir, input)))) {
    hash.update(relative(dashboardDir, file).replaceAll("\\", "/"));
    hash.update("\0");
    hash.update(readFileSync(file));
    hash.update("\0");
  }
  return hash.digest("hex").slice(0, 16);
}

/** The hash of the sources that the present build was made from, or undefined if there is no whole build. */
export function builtHash() {
  try {
    if (!existsSync(join(dashboardDir, "build/200.html"))) return undefined;
    const version = JSON.parse(readFileSync(join(dashboardDir, "build/_app/version.json"), "utf8")).version;
    return String(version).split("+")[1];
  } catch {
    return undefined;
  }
}

/**
 * @param {string} path
 * @returns {string[]}
 */
function filesUnder(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => !name.startsWith(".") && !name.endsWith(".test.ts"))
    .sort()
    .flatMap((name) => filesUnder(join(path, name)));
}
