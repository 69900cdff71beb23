import { readFile } from "node:fs/promises";
import { beforeAll, expect, test } from "vitest";
import { samplerKinds } from "../../server/src/optimizer/samplers/index.ts";
import type { AskJson } from "../chaos/api.ts";
import { createRandom } from "../chaos/random.ts";
import { startMs, useReplicas } from "./replica-set.ts";

/* Promise 7: asking costs little, milliseconds at 10,000 finished trials, whatever the sampler. */

const set = useReplicas(1);
const finished = 10_000;
/**
 * CPU of the whole server for an ask and a tell, ms: many times what it takes, for machines that are slow or busy. Gaussian processes
 * fit themselves anew to every result: tens of milliseconds.
 */
const mostMs = (kind: string) => (kind.startsWith("gp") ? 400 : 50);
let study: string;

// Finite, for the samplers that go through all points, and far larger than the study.
const parameters = [
  { name: "lr", real: { low: 0, high: 1, step: 0.001 } },
  { name: "layers", integer: { low: 1, high: 1_000 } },
  { name: "width", integer: { low: 1, high: 1_000 } },
  { name: "act", categorical: { choices: ["relu", "tanh", "gelu"] } },
  { name: "drop", real: { low: 0, high: 1, step: 0.01 } },
];

beforeAll(async () => {
  study = await set.createStudy({ parameters, sampler: { random: {} } });
  const random = createRandom(1);
  const integer = (low: number, high: number) => low + Math.floor(random() * (high - low + 1));
  for (let from = 0; from < finished; from += 2_000) {
    const trials = Array.from({ length: 2_000 }, (_, index) => {
      const lr = integer(0, 1_000) / 1_000;
      // The width makes every point another one.
      const width = ((from + index) % 1_000) + 1;
      const layers = 1 + ((integer(0, 99) * 10 + Math.floor((from + index) / 1_000)) % 1_000);
      const params = {
        lr,
        layers,
        width,
        act: ["relu", "tanh", "gelu"][integer(0, 2)],
        drop: integer(0, 100) / 100,
      };
      return { params, values: [(lr - 0.3) ** 2 + layers / 1_000 + random() / 10] };
    });
    await set.call(0, "TrialService/ImportTrials", { study, trials });
  }
}, startMs);

/** CPU seconds, user and system, that a process has used (proc(5), stat fields 14 and 15, in ticks of 10 ms). */
async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function askAndTell(): Promise<void> {
  const { trials } = await set.call<AskJson>(0, "TrialService/AskTrials", { study });
  await set.call(0, "TrialService/TellTrial", { trial: trials[0]?.name, values: [0.5] });
}

test.each(samplerKinds)("the sampler %s", { timeout: startMs }, async (kind) => {
  const field = kind.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  await set.call(0, "StudyService/UpdateStudy", {
    study: { name: study, sampler: { [field]: {} } },
    updateMask: "sampler",
  });
  // The first one may read the history and fit a model to all of it.
  await askAndTell();
  const asks = 30;
  const pid = set.replicas[0]?.pid ?? 0;
  const before = await cpuSeconds(pid);
  for (let ask = 0; ask < asks; ask++) await askAndTell();
  const each = ((await cpuSeconds(pid)) - before) * (1_000 / asks);
  console.log(`${kind}: ${each.toFixed(1)} ms of CPU an ask and a tell, at ${finished} finished trials`);
  expect(each).toBeLessThan(mostMs(kind));
});
