import { monitorEventLoopDelay } from "node:perf_hooks";
import { createHistory } from "../../server/src/optimizer/history.ts";
import { createStream } from "../../server/src/optimizer/numerics/stream.ts";
import { createSampler } from "../../server/src/optimizer/samplers/index.ts";
import { drawUniform } from "../../server/src/optimizer/samplers/random.ts";
import { createSpace } from "../../server/src/optimizer/space/space.ts";
import { createHeavy } from "../../server/src/studies/heavy/heavy.ts";

/**
 * What the main thread notices while a worker thread fits Gaussian processes to 480 to 500 trials of ten parameters, one suggestion
 * after the other: the delay of its event loop, and the longest stretch of its own CPU. Fails when the delay's p99 is 20 ms or more.
 */
const spec = { sampler: { kind: "gp" } } as const;
const domain = { kind: "real", low: -5, high: 10, log: false, step: undefined } as const;
const space = createSpace(
  Array.from({ length: 10 }, (_, at) => ({
    name: `x${at}`,
    domain,
    condition: undefined,
    default: undefined,
  })),
);
const history = createHistory(space, [{ name: "value", goal: "minimize" }]);
const sampler = createSampler(spec.sampler, space, history.objectives);

function add(): void {
  const number = history.size;
  const params = space.toParams(drawUniform(space, createStream(3, number), undefined));
  const value = Object.values(params).reduce<number>((sum, x) => sum + Number(x) ** 2, 0);
  history.addPending(number, params);
  const curve = { steps: [], values: [] };
  history.end(number, { outcome: "completed", values: [value], violation: 0, curve, revision: number + 1 });
}

const heavy = createHeavy({ log: { info: console.log, warn: console.log } });
const suggest = () =>
  heavy.run({ space, history, sampler, spec, sources: [] }, "suggest", {
    number: history.size,
    seed: 1,
    replicates: 1,
  });
while (history.size < 480) add();
await suggest();

const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
let last = process.threadCpuUsage();
let longest = 0;
const ticker = setInterval(() => {
  const now = process.threadCpuUsage();
  longest = Math.max(longest, now.user - last.user + now.system - last.system);
  last = now;
}, 1);
const start = performance.now();
let asks = 0;
for (; history.size < 500; asks++) {
  add();
  await suggest();
}
const each = (performance.now() - start) / asks;
delay.disable();
clearInterval(ticker);
await heavy.stop();
const ms = (nanoseconds: number): string => (nanoseconds / 1e6).toFixed(1);
const delays = [delay.percentile(50), delay.percentile(99), delay.max].map(ms).join(" / ");
console.log(
  `Beside ${asks} suggestions by a worker thread, ${each.toFixed(0)} ms each: event loop's delay p50 / p99 / max ${delays} ms, ` +
    `longest stretch of the main thread's CPU ${(longest / 1_000).toFixed(1)} ms`,
);
if (delay.percentile(99) >= 20e6) process.exitCode = 1;
