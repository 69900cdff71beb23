import { createRandom } from "./random.ts";
import { work } from "./worker.ts";

/** What a process of workers is started with, as JSON. */
export interface WorkerProcessOptions {
  readonly names: readonly string[];
  readonly study: string;
  readonly urls: readonly string[];
  readonly token: string;
  readonly seed: number;
  readonly napMs: number;
}

// Runs many workers side by side, tells its parent what they learn, and ends when they are done or the parent has gone.
const { names, seed, ...options } = JSON.parse(process.argv[2] ?? "{}") as WorkerProcessOptions;
process.once("disconnect", () => process.exit());
const record = (event: unknown) => void process.send?.(event);
await Promise.all(
  names.map(async (name, index) => {
    const random = createRandom(seed + index);
    for (;;) {
      try {
        return await work({ ...options, name, random, record });
      } catch {
        // Recorded already; a worker that met a surprise starts anew, so that the study comes to its end.
      }
    }
  }),
);
process.disconnect();
