import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Pool } from "pg";
import { startEmbeddedPostgres } from "../../../server/src/store/embedded/index.ts";
import { migrate } from "../../../server/src/store/migrate.ts";
import { createPool, keyLookups } from "../../../server/src/store/pool.ts";
import { createStore } from "../../../server/src/store/store.ts";
import { createStudies } from "../../../server/src/studies/index.ts";
import { createEngineCalls } from "./engine-calls.ts";
import { type Load, median, rate } from "./load.ts";
import { createSingleCalls, prepareSingleReports } from "./single-statements.ts";

const silent = { info: () => {}, warn: (message: unknown) => console.error(message) };

/** What is compared, round by round, calls a second. */
interface Row {
  readonly name: string;
  readonly single: number[];
  readonly engine: number[];
  /** How many times as fast the engine should be. */
  readonly limit: number;
}

/** More tells than a round can make, by its length in seconds. */
const tellsPerSecond = 60_000;

/** The engine against one statement a call, on one hot study, in the same run and by turns. */
export async function compareInProcess(load: Load): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), "asktell-bench-"));
  const settings = slowDisk(load.flushDelayMs);
  const server = await startEmbeddedPostgres({ dataDir, log: silent, settings });
  try {
    await migrate({ connection: server.connection, log: silent });
    // The same settings for both, so that only the number of statements differs.
    const single = createPool(server.connection, { max: 20, settings: keyLookups });
    const hot = createPool(server.connection, { max: 20, settings: keyLookups });
    const cold = createPool(server.connection, { max: 4, statementTimeoutMs: 60_000 });
    await prepareSingleReports(cold);
    await runIn(cold);
    const studies = createStudies({ store: createStore(hot, cold), log: silent });
    printHead(load, await flushMs(dataDir));
    const rows = {
      ask: { name: "ask, 64 callers", single: [], engine: [], limit: 15 },
      tell: { name: "tell, 64 callers", single: [], engine: [], limit: 15 },
      report64: { name: "report, 64 callers", single: [], engine: [], limit: 3 },
      report256: { name: "report, 256 callers", single: [], engine: [], limit: 6 },
    };
    for (let round = 0; round < load.rounds; round++) {
      const plain = await createEngineCalls(studies, cold, `single-${round}`, load);
      const engine = await createEngineCalls(studies, cold, `engine-${round}`, load);
      await measureRound(load, createSingleCalls(single, plain.studyId), engine, rows);
    }
    for (const row of Object.values(rows)) print(row);
    await studies.stop();
    await Promise.all([single, hot, cold].map((pool) => pool.end()));
  } finally {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function measureRound(
  load: Load,
  single: ReturnType<typeof createSingleCalls>,
  engine: Awaited<ReturnType<typeof createEngineCalls>>,
  rows: Readonly<Record<"ask" | "tell" | "report64" | "report256", Row>>,
): Promise<void> {
  const asked: number[] = [];
  rows.ask.single.push(await rate(load, 64, async () => asked.push(await single.ask())));
  const open: number[] = [];
  rows.ask.engine.push(await rate(load, 64, async () => open.push(...(await engine.ask(1)))));
  // One each, however slow the machine was.
  if (open.length < 256) open.push(...(await engine.ask(256 - open.length)));
  const running = open.slice(0, 256);
  for (const [row, callers] of [
    [rows.report64, 64],
    [rows.report256, 256],
  ] as const) {
    const steps = new Array<number>(callers).fill(0);
    const stepOf = (caller: number) => (steps[caller] = (steps[caller] ?? 0) + 1);
    row.single.push(await rate(load, callers, (caller) => single.report(caller, stepOf(caller))));
    row.engine.push(
      await rate(load, callers, (caller) => engine.report(running[caller] ?? 0, stepOf(caller))),
    );
  }
  const tells = tellsPerSecond * (load.roundMs / 1_000);
  await single.fill(asked.length, tells);
  let next = asked.length;
  rows.tell.single.push(await rate(load, 64, () => single.tell(next++)));
  const rest = open.slice(256);
  while (rest.length < tells) rest.push(...(await engine.ask(1_000)));
  rows.tell.engine.push(
    await rate(load, 64, async () => {
      const number = rest.pop();
      if (number === undefined) throw new Error("nothing is left to tell");
      await engine.tell(number);
    }),
  );
}

/** A commit waits so long before its flush, even when it is alone (PostgreSQL's commit_delay). */
function slowDisk(delayMs: number): Record<string, string> {
  return delayMs === 0 ? {} : { commit_delay: String(delayMs * 1_000), commit_siblings: "0" };
}

/**
 * Brings a new server to where one is that has run for a while: PostgreSQL writes its log into files that a checkpoint has set free, where
 * a new one makes each file of 16 MB first, 30 ms in which nobody is answered.
 */
async function runIn(pool: Pool): Promise<void> {
  await pool.query(
    "select pg_logical_emit_message(false, 'bench', repeat('x', 1000000)) from generate_series(1, 800)",
  );
  await pool.query("checkpoint");
}

/** What one durable commit cannot do without: a block written and flushed to this disk, ms (median). */
async function flushMs(directory: string): Promise<number> {
  const file = await open(join(directory, "flush"), "w");
  const times: number[] = [];
  for (let i = 0; i < 200; i++) {
    const start = performance.now();
    await file.write(Buffer.alloc(8_192), 0, 8_192, 0);
    await file.datasync();
    times.push(performance.now() - start);
  }
  await file.close();
  return median(times);
}

function printHead({ sampler, rounds, roundMs, flushDelayMs }: Load, flush: number): void {
  const delay = flushDelayMs === 0 ? "" : ` and ${flushDelayMs} ms more, set for this run`;
  console.log(
    `\nOne hot study, ${sampler} sampler, calls a second (medians of ${rounds} rounds of ${roundMs / 1_000} s)`,
  );
  console.log(
    `A flush to this disk takes ${flush.toFixed(2)} ms${delay}: what one statement a call waits for.`,
  );
  console.log("                        statement    engine    ratio        range    bar");
}

function print({ name, single, engine, limit }: Row): void {
  const ratios = engine.map((value, round) => value / (single[round] ?? NaN));
  const spread = `${Math.min(...ratios).toFixed(1)}–${Math.max(...ratios).toFixed(1)}`;
  const columns = [
    name.padEnd(22),
    median(single).toFixed(0).padStart(9),
    median(engine).toFixed(0).padStart(9),
    `${median(ratios).toFixed(1)}x`.padStart(8),
    spread.padStart(12),
    `${limit}x`.padStart(6),
    median(ratios) >= limit ? "met" : "MISSED",
  ];
  console.log(columns.join(" "));
}
