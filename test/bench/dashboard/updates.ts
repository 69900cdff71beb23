import { setTimeout as sleep } from "node:timers/promises";
import type { Browser } from "playwright-core";
import { type AskedTrial, parameters } from "../../browser/support/api.ts";
import { visit } from "../../browser/support/visit.ts";
import { call } from "../../support/call.ts";
import type { TestServer } from "../../support/server.ts";
import { memoryOf } from "./memory.ts";

const TICK = 100; // ms between two rounds of asking and telling

/** Works on a study: half of its changes are trials asked for, half are results. Ends with the signal. */
async function work(server: TestServer, study: string, perSecond: number, signal: AbortSignal) {
  const count = Math.max(1, Math.round((perSecond * TICK) / 2_000));
  let changes = 0;
  let running: readonly AskedTrial[] = [];
  const begun = performance.now();
  for (let round = 1; !signal.aborted; round++) {
    const asking = call<{ trials: AskedTrial[] }>(server, "TrialService/AskTrials", {
      study,
      count,
      worker: `node-${round % 10}`,
    });
    await Promise.all(
      running.map(({ name, number, leaseToken }) =>
        call(server, "TrialService/TellTrial", {
          trial: name,
          leaseToken,
          values: [1 / (1 + (number % 97))],
        }),
      ),
    );
    changes += running.length;
    ({ trials: running } = await asking);
    changes += running.length;
    await sleep(Math.max(0, begun + round * TICK - performance.now()), undefined, { signal }).catch(() => {});
  }
  return changes;
}

async function createStudy(server: TestServer, studyId: string): Promise<void> {
  const study = { parameters, objectives: [{ name: "loss" }], sampler: { random: {} } };
  await call(server, "StudyService/CreateStudy", { studyId, study });
}

/** How smoothly the overview of a study is drawn while it changes this often; as a line of text. */
export async function measureFrames(
  browser: Browser,
  server: TestServer,
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<string> {
  await createStudy(server, "fast");
  const { page, close } = await visit(browser, server, "/projects/default/studies/fast");
  await page.getByText("Live", { exact: true }).waitFor();
  const stop = new AbortController();
  const working = work(server, "fast", perSecond, stop.signal);
  await page
    .getByRole("button", { name: /^Completed/ })
    .first()
    .waitFor();
  const begun = performance.now();
  const seen = page.evaluate(async (ms) => {
    const tasks: number[] = [];
    const observer = new PerformanceObserver((list) =>
      tasks.push(...list.getEntries().map(({ duration }) => duration)),
    );
    observer.observe({ type: "longtask" });
    const frames: number[] = [];
    const end = performance.now() + ms;
    await new Promise<void>((resolve) => {
      let last = performance.now();
      const frame = (now: number): void => {
        frames.push(now - last);
        last = now;
        if (now < end) requestAnimationFrame(frame);
        else resolve();
      };
      requestAnimationFrame(frame);
    });
    return { tasks, frames };
  }, seconds * 1_000);
  const { tasks, frames } = await seen;
  stop.abort();
  const changes = await working;
  const took = (performance.now() - begun) / 1_000;
  await close();
  const sorted = frames.toSorted((a, b) => a - b);
  const at = (share: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN).toFixed(0);
  const blocked = tasks.reduce((sum, duration) => sum + duration, 0);
  return (
    `${(changes / took).toFixed(0)} changes a second; frames p50 / p95 / p99 / max ${at(0.5)} / ${at(0.95)} / ${at(0.99)} / ${at(1)} ms; ` +
    `${tasks.length} tasks above 50 ms, ${((100 * blocked) / (seconds * 1_000)).toFixed(1)} % of the time, longest ${Math.max(0, ...tasks).toFixed(0)} ms`
  );
}

/** The memory of the overview while its study changes this often, a line of text each minute. */
export async function* measureMemory(
  browser: Browser,
  server: TestServer,
  { perSecond, minutes }: { perSecond: number; minutes: number },
): AsyncGenerator<string> {
  await createStudy(server, "steady");
  const { page, close } = await visit(browser, server, "/projects/default/studies/steady");
  await page.getByText("Live", { exact: true }).waitFor();
  const stop = new AbortController();
  const working = work(server, "steady", perSecond, stop.signal);
  for (let minute = 1; minute <= minutes; minute++) {
    await sleep(60_000);
    const memory = await memoryOf(page);
    const { nodes, trials } = await page.evaluate(() => ({
      nodes: document.querySelectorAll("*").length,
      trials: document.querySelector(".progress .big")?.textContent?.trim() ?? "",
    }));
    yield `minute ${String(minute).padStart(2)}  ${(memory / 1e6).toFixed(2).padStart(6)} MB  ${nodes} elements  ${trials} trials`;
  }
  stop.abort();
  await working;
  await close();
}
