import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { compareInProcess } from "./engine/in-process.ts";
import type { Load } from "./engine/load.ts";
import { measureOverTheNetwork } from "./engine/over-the-network.ts";

/**
 * The engine against one statement a call, on one hot study, in the same run: closed loops of so many callers, rounds in turn, medians.
 * Then the CPU of a whole server for an ask and a tell, called from this process over the network.
 */
const { values: flags } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    /** Length of a round. */
    seconds: { type: "string", default: "2" },
    sampler: { type: "string", default: "random" },
    /** `process`, `network` or both. */
    only: { type: "string", default: "all" },
    /** Makes each commit wait as it would on a slower disk, for both sides alike, ms. */
    "flush-delay": { type: "string", default: "0" },
  },
});
const load: Load = {
  rounds: Number(flags.rounds),
  roundMs: Number(flags.seconds) * 1_000,
  sampler: flags.sampler === "tpe" ? "tpe" : "random",
  flushDelayMs: Number(flags["flush-delay"]),
};

console.log(
  `node ${process.version}, PostgreSQL embedded with fsync, ${cpus().length} cores, ${cpus()[0]?.model}`,
);
if (flags.only !== "network") await compareInProcess(load);
if (flags.only !== "process") await measureOverTheNetwork(load);
