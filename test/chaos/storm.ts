import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { type ExportStudyResponse, StudyService } from "@asktell/proto/asktell/v1/study_service_pb";
import type { Pool } from "pg";
import { createPool } from "../../server/src/store/pool.ts";
import { call } from "./api.ts";
import { type DurablePostgres, startDurablePostgres } from "./durable-postgres.ts";
import type { Evidence, LateRow, Tables, TrialRow } from "./evidence.ts";
import type { WorkerEvent } from "./events.ts";
import { type LossyProxy, startLossyProxy } from "./lossy-proxy.ts";
import { type Observer, startObserver } from "./observer.ts";
import { createRandom } from "./random.ts";
import { type Replica, createTestToken, startReplica } from "./replica.ts";
import { startWatcher } from "./watcher.ts";
import type { WorkerProcessOptions } from "./worker-process.ts";

export interface StormOptions {
  readonly seed: number;
  readonly replicas: number;
  readonly workers: number;
  /** Processes that the workers share evenly; the first one is killed. */
  readonly workerProcesses: number;
  readonly maxTrials: number;
  readonly maxRunning: number;
  readonly leaseSeconds: number;
  /** Share of the answers that are lost after commit. */
  readonly lossRate: number;
  readonly killReplicaEveryMs: number;
  /** When the storm is called off, ms. */
  readonly deadlineMs: number;
  readonly say: (line: string) => void;
}

const study = "storm";

/** Runs a whole study under failures of every kind, and answers what was seen. Leaves no process behind. */
export async function runStorm(options: StormOptions): Promise<Evidence> {
  await using stack = new AsyncDisposableStack();
  const random = createRandom(options.seed);
  const postgres = await startDurablePostgres();
  stack.defer(() => postgres.stop());
  const compileCache = await mkdtemp(join(tmpdir(), "asktell-compiled-"));
  stack.defer(() => rm(compileCache, { recursive: true, force: true }));
  const token = await createTestToken(postgres.url, compileCache);
  const fleet = await startFleet(options, random, () => startReplica(postgres.url, compileCache));
  stack.defer(() => fleet.stop());
  const pool = createPool(postgres.connection, { max: 2, onIdleError: () => {} });
  stack.defer(() => pool.end());
  const studyId = await createStudy(options, fleet, token, pool);

  const observer = startObserver(postgres.connection, studyId, 150);
  const watcher = startWatcher(fleet.liveUrl, token, study);
  const crew = startCrew(options, fleet, token);
  stack.defer(() => crew.stop());
  const startedAt = performance.now();
  const ended = () => (observer.newest?.counted.slice(2) ?? []).reduce((sum, count) => sum + count, 0);
  const progress = setInterval(
    () => options.say(`${seconds(startedAt)} ${progressLine(crew, fleet, observer, ended())}`),
    5_000,
  );
  stack.defer(() => clearInterval(progress));

  const plot = raiseHavoc(options, { fleet, postgres, crew, ended });
  const inTime = await Promise.race([
    crew.done.then(() => true),
    sleep(options.deadlineMs, false, { ref: false }),
  ]);
  const duration = performance.now() - startedAt;
  const havoc = await plot.stop();
  // Workers that go on after the deadline must not change what is read below.
  if (!inTime) await crew.stop().then(() => sleep(2_000));
  const tables = await readTables(pool, studyId);
  const exported = await exportStudy(fleet.liveUrl(), token);
  for (let wait = 0; wait < 2_400 && watcher.cursor < BigInt(tables.clock.change_seq); wait++)
    await sleep(50);
  await watcher.stop();
  await observer.stop();
  const evidence: Evidence = {
    maxTrials: options.maxTrials,
    maxRunning: options.maxRunning,
    events: crew.events,
    lost: fleet.proxies.flatMap((proxy) => proxy.lost),
    answered: fleet.proxies.reduce((sum, proxy) => sum + proxy.answered, 0),
    samples: observer.samples,
    tables,
    exported,
    watched: { problems: watcher.problems, resumed: watcher.resumed, trials: watcher.trials },
    replicaKills: havoc.replicaRecoveries.length,
    databaseKills: havoc.databaseRecoveries.length,
    killedWorkers: crew.killed,
    errors: fleet.errors(),
    inTime,
  };
  summarise(options, evidence, havoc, duration);
  return evidence;
}

const seconds = (since: number): string =>
  `${((performance.now() - since) / 1_000).toFixed(1).padStart(5)} s`;

/** Replicas behind proxies: the proxies' addresses stay, whatever becomes of the replicas. */
interface Fleet {
  readonly proxies: readonly LossyProxy[];
  /** A replica that runs. */
  liveUrl(): string;
  /**
   * Kills the replica that has run longest and starts another in its place; answers how long the place was empty, ms. Answers
   * undefined, with nothing done, until the one killed before is back: a machine may be too busy to start them as fast as they die.
   */
  replaceOldest(): Promise<number> | undefined;
  /** What replicas logged as errors, the dead ones included. */
  errors(): string[];
  stop(): Promise<void>;
}

async function startFleet(
  options: StormOptions,
  random: () => number,
  start: () => Promise<Replica>,
): Promise<Fleet> {
  const proxies = await Promise.all(
    Array.from({ length: options.replicas }, () => startLossyProxy(options.lossRate, random)),
  );
  const started: Replica[] = [];
  // Insertion order: the one that has run longest comes first.
  const serving = new Map<LossyProxy, Replica>();
  const starting = new Set<Promise<unknown>>();

  async function serve(proxy: LossyProxy): Promise<void> {
    const replica = await start();
    started.push(replica);
    serving.set(proxy, replica);
    proxy.target = replica.url;
  }

  async function replace(proxy: LossyProxy, replica: Replica): Promise<number> {
    serving.delete(proxy);
    const diedAt = performance.now();
    await replica.kill();
    proxy.target = undefined;
    await serve(proxy);
    return performance.now() - diedAt;
  }

  const fleet: Fleet = {
    proxies,
    liveUrl: () => [...serving.values()].at(-1)?.url ?? "http://127.0.0.1:9",
    replaceOldest() {
      const [oldest] = serving;
      if (oldest === undefined || serving.size < proxies.length) return undefined;
      const replacing = replace(...oldest);
      starting.add(replacing);
      void replacing.catch(() => undefined).then(() => starting.delete(replacing));
      return replacing;
    },
    errors: () => started.flatMap((replica) => errorsOf(replica.log())),
    async stop() {
      await Promise.allSettled(starting);
      await Promise.all(started.map((replica) => replica.stop()));
      await Promise.all(proxies.map((proxy) => proxy.close()));
    },
  };
  // All at once, as an orchestrator does.
  const first = await Promise.allSettled(proxies.map(serve));
  const failed = first.find((result) => result.status === "rejected");
  if (failed === undefined) return fleet;
  await fleet.stop();
  throw failed.reason;
}

/** Errors that nobody foresaw. Answering 503 while the database is away, which is logged as a request, is not one of them. */
function errorsOf(log: string): string[] {
  return log
    .split("\n")
    .filter((line) => /^\{"level":"(error|fatal)"/.test(line) && !line.includes('"msg":"request"'));
}

async function createStudy(options: StormOptions, fleet: Fleet, token: string, pool: Pool): Promise<number> {
  await call(fleet.liveUrl(), token, "StudyService/CreateStudy", {
    studyId: study,
    study: {
      parameters: [
        { name: "lr", real: { low: 1e-5, high: 1, log: true } },
        { name: "layers", integer: { low: 1, high: 1_000_000 } },
        { name: "act", categorical: { choices: ["relu", "tanh"] } },
      ],
      objectives: [{ name: "loss" }],
      // The engine is what is tested; `auto` may choose a sampler that takes most of a small machine.
      sampler: { tpe: {} },
      maxTrials: options.maxTrials,
      maxRunning: options.maxRunning,
      leaseDuration: `${options.leaseSeconds}s`,
      maxAttempts: 100,
      seed: options.seed,
    },
  });
  const { rows } = await pool.query<{ id: number }>("select id from study where name = $1", [study]);
  return rows[0]?.id ?? 0;
}

/** The workers, in processes of their own. */
interface Crew {
  readonly events: readonly WorkerEvent[];
  readonly killed: readonly string[];
  /** Settles when every worker that was not killed has been told that the study is over. */
  readonly done: Promise<void>;
  /** Kills the first process with all of its workers, for good. */
  killSome(): void;
  stop(): Promise<void>;
}

function startCrew(options: StormOptions, fleet: Fleet, token: string): Crew {
  const each = options.workers / options.workerProcesses;
  const events: WorkerEvent[] = [];
  const killed: string[] = [];
  const teams = Array.from({ length: options.workerProcesses }, (_, team) => {
    const names = Array.from({ length: each }, (_unused, index) => `worker-${team}-${index}`);
    const urls = fleet.proxies.map((proxy) => proxy.url);
    const napMs = options.leaseSeconds * 1_000 + 1_500;
    const seed = options.seed * 1_000 + team * each;
    const settings: WorkerProcessOptions = { names, study, urls, token, seed, napMs };
    const child = fork(join(import.meta.dirname, "worker-process.ts"), [JSON.stringify(settings)], {
      execArgv: [],
    });
    child.on("message", (event) => events.push(event as WorkerEvent));
    return { names, child, exited: once(child, "exit") };
  });
  const [first] = teams;
  const end = (child: ChildProcess) => void child.kill("SIGKILL");
  return {
    events,
    killed,
    done: Promise.all(teams.map(({ exited }) => exited)).then(() => undefined),
    killSome() {
      if (first === undefined) return;
      killed.push(...first.names);
      end(first.child);
    },
    async stop() {
      for (const { child } of teams) end(child);
      await Promise.all(teams.map(({ exited }) => exited));
    },
  };
}

interface Havoc {
  readonly replicaRecoveries: number[];
  readonly databaseRecoveries: number[];
}

interface Victims {
  readonly fleet: Fleet;
  readonly postgres: DurablePostgres;
  readonly crew: Crew;
  /** How many trials have ended. */
  ended(): number;
}

/** Kills replicas in turn, a fifth of the workers after a third of the trials, and the database in the middle. */
function raiseHavoc(
  options: StormOptions,
  { fleet, postgres, crew, ended }: Victims,
): { stop(): Promise<Havoc> } {
  const havoc: Havoc = { replicaRecoveries: [], databaseRecoveries: [] };
  const stopping = new AbortController();
  const { signal } = stopping;
  const under = async (share: number) => {
    while (!signal.aborted && ended() < share * options.maxTrials)
      await sleep(50, undefined, { signal }).catch(() => undefined);
  };

  async function killReplicas(): Promise<void> {
    const replacing: Promise<void>[] = [];
    for (;;) {
      await sleep(options.killReplicaEveryMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) break;
      const replaced = fleet.replaceOldest()?.then((ms) => void havoc.replicaRecoveries.push(ms));
      // The next kill does not wait for this one's successor.
      if (replaced === undefined) continue;
      replaced.catch(() => undefined);
      replacing.push(replaced);
    }
    await Promise.all(replacing);
  }

  async function killDatabase(): Promise<void> {
    await under(1 / 2);
    if (!signal.aborted) havoc.databaseRecoveries.push(await postgres.kill());
  }

  async function killWorkers(): Promise<void> {
    await under(1 / 3);
    if (!signal.aborted) crew.killSome();
  }

  const all = Promise.all([killReplicas(), killDatabase(), killWorkers()]);
  all.catch(() => undefined);
  return {
    async stop() {
      stopping.abort();
      await all;
      return havoc;
    },
  };
}

async function readTables(pool: Pool, studyId: number): Promise<Tables> {
  const rows = async <Row extends object>(text: string): Promise<Row[]> =>
    (await pool.query<Row>(text, [studyId])).rows;
  const [clock] = await rows<Tables["clock"]>(
    `select state, finish_reason, next_number, change_seq, array[waiting, running, completed, pruned, failed, infeasible] as counters
     from study_clock where study_id = $1`,
  );
  if (clock === undefined) throw new Error("the study's clock is gone");
  return {
    clock,
    trials: await rows<TrialRow>(
      `select number, state, attempt, seq, end_seq, history_seq, "values", tell_key, tell_attempt, curve_steps, curve_values, ended_at, failure
       from trial where study_id = $1 order by number`,
    ),
    late: await rows<LateRow>(`select number, attempt, "values" from late_observation where study_id = $1`),
    leases: (await rows<{ number: number }>("select number from running where study_id = $1")).map(
      ({ number }) => number,
    ),
    reports: (
      await rows<{ number: number }>("select distinct number from curve_part where study_id = $1")
    ).map(({ number }) => number),
  };
}

async function exportStudy(url: string, token: string): Promise<ExportStudyResponse[]> {
  const client = createClient(StudyService, createGrpcTransport({ baseUrl: url }));
  const headers = { authorization: `Bearer ${token}` };
  const messages: ExportStudyResponse[] = [];
  for await (const message of client.exportStudy({ study }, { headers })) messages.push(message);
  return messages;
}

function progressLine(crew: Crew, fleet: Fleet, observer: Observer, ended: number): string {
  const { leases = 0, nextNumber = 0, counters = [] } = observer.newest ?? {};
  const alive = fleet.proxies.filter(({ target }) => target !== undefined).length;
  const lost = fleet.proxies.reduce((sum, proxy) => sum + proxy.lost.length, 0);
  const retries = crew.events.filter(({ kind }) => kind === "retried").length;
  return `${ended} ended of ${nextNumber}, ${leases} leases, ${counters[0] ?? 0} waiting, ${alive} replicas, ${retries} retries, ${lost} answers lost`;
}

function summarise(options: StormOptions, evidence: Evidence, havoc: Havoc, duration: number): void {
  const { events, tables, lost, answered, samples, watched } = evidence;
  const count = (kind: WorkerEvent["kind"]) => events.filter((event) => event.kind === kind).length;
  const late = tables.late.length;
  const ms = (times: readonly number[]) => times.map((time) => (time / 1_000).toFixed(1)).join(", ");
  const attempts = tables.trials.reduce((sum, { attempt }) => sum + attempt, 0);
  const perSecond = (number: number) => ((number * 1_000) / duration).toFixed(0);
  options.say(
    [
      `${tables.trials.length} trials in ${(duration / 1_000).toFixed(1)} s: ${perSecond(tables.trials.length)} trials and ${perSecond(answered)} calls a second`,
      `acknowledged: ${count("asked")} asks, ${count("reported")} reports, ${count("told")} tells; ${count("retried")} retries, ${lost.length} of ${answered} answers lost`,
      `${attempts - tables.trials.length} trials handed out again, ${late} late results kept, ${evidence.killedWorkers.length} workers killed`,
      `replicas killed: ${havoc.replicaRecoveries.length}, back after ${ms(havoc.replicaRecoveries)} s; database back after ${ms(havoc.databaseRecoveries)} s`,
      `at most ${Math.max(...samples.map(({ leases }) => leases))} leases in ${samples.length} samples; most overdue ${Math.max(...samples.map(({ overdueSeconds }) => overdueSeconds)).toFixed(2)} s; watcher resumed ${watched.resumed} times`,
    ].join("\n  "),
  );
}
