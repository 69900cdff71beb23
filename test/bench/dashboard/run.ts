import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { startBrowser } from "../../browser/support/chromium.ts";
import { fillLarge } from "../../browser/support/large.ts";
import { startTestServer } from "../../support/server.ts";
import { type FirstLoad, measureFirstLoad } from "./first-load.ts";
import { measureFrames, measureMemory } from "./updates.ts";

/**
 * What the dashboard's page of a study costs the browser, server and PostgreSQL beside it on the same machine: how soon large studies are
 * on the screen, whether the page's memory grows under steady updates, and whether it stutters under fast ones.
 *
 * `--minutes 0` leaves the steady updates out.
 */
const { values: options } = parseArgs({
  options: { minutes: { type: "string", default: "10" }, runs: { type: "string", default: "5" } },
});
const SIZES = [10_000, 100_000];

const server = await startTestServer();
const browser = await startBrowser();
console.log(
  `The page of a study. Chromium ${browser.version()}, Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}, load average ${loadavg()[0]?.toFixed(1)}`,
);

console.log(`first load, median of ${options.runs}`);
console.log(
  "trials    first paint  largest paint  first chart  whole  blocking time  longest task     CPU  memory    ms, MB",
);
for (const size of SIZES) {
  const studyId = `size-${size}`;
  await fillLarge(server, studyId, size);
  const runs: FirstLoad[] = [];
  for (let run = 0; run < Number(options.runs); run++)
    runs.push(await measureFirstLoad(browser, server, studyId, size));
  const median = (key: keyof FirstLoad): number =>
    runs.map((run) => run[key]).toSorted((a, b) => a - b)[runs.length >> 1] ?? NaN;
  const cells = (
    [
      ["firstPaint", 11],
      ["largestPaint", 15],
      ["firstChart", 13],
      ["whole", 7],
      ["blocking", 15],
      ["longestTask", 14],
      ["cpu", 8],
    ] as const
  ).map(([key, width]) => Math.round(median(key)).toString().padStart(width));
  console.log(
    `${String(size).padEnd(10)}${cells.join("")}${(median("memory") / 1e6).toFixed(1).padStart(8)}`,
  );
}

console.log("200 updates a second for 30 s");
console.log(await measureFrames(browser, server, { perSecond: 200, seconds: 30 }));

const minutes = Number(options.minutes);
if (minutes > 0) {
  console.log(`20 updates a second: memory after a collection, each minute`);
  for await (const line of measureMemory(browser, server, { perSecond: 20, minutes })) console.log(line);
}
await browser.close();
await server.stop();
