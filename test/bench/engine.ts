import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Pool } from "pg";
import { createClient, type Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport } from "@connectrpc/connect-node";
import { StudyService } from "@asktell/proto/asktell/v1/study_service_pb";
import { TrialService } from "@asktell/proto/asktell/v1/trial_service_pb";
import { startEmbeddedPostgres } from "../../server/src/store/embedded/index.ts";
import { migrate } from "../../server/src/store/migrate.ts";
import { createPool, keyLookups } from "../../server/src/store/pool.ts";
import { createStore } from "../../server/src/store/store.ts";
import type { StudyRef } from "../../server/src/studies/directory.ts";
import { type Studies, createStudies } from "../../server/src/studies/index.ts";
import { specDefaults } from "../../server/src/studies/spec.ts";
import { startTestServer } from "../support/server.ts";
import { withToken } from "../support/with-token.ts";

/**
 * The engine against one statement a call, on one hot study, in the same run: closed loops of so many callers, rounds in turn, medians.
 * Then the CPU of a whole server for an ask and a tell, called from this process over the network.
 */
const { values: flags } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "2" },
    sampler: { type: "string", default: "random" },
    only: { type: "string", default: "all" },
    // Makes each commit wait as it would on a slower disk, for both sides alike (PostgreSQL's commit_delay), ms.
    "flush-delay": { type: "string", default: "0" },
  },
});
const rounds = Number(flags.rounds);
const roundMs = Number(flags.seconds) * 1_000;
const kind = flags.sampler === "tpe" ? "tpe" : "random";

const silent = { info: () => {}, warn: (message: unknown) => console.error(message) };

/** Calls a second of so many callers, each of which calls again as soon as it has its answer. */
async function rate(callers: number, call: (caller: number) => Promise<unknown>): Promise<number> {
  let done = 0;
  const start = performance.now();
  const end = start + roundMs;
  const loop = async (caller: number) => {
    while (performance.now() < end) {
      await call(caller);
      done++;
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, caller) => loop(caller)));
  return (done * 1_000) / (performance.now() - start);
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

function delayNote(): string {
  return flags["flush-delay"] === "0" ? "" : ` and ${flags["flush-delay"]} ms more, set for this run`;
}

/** A commit waits so long before its flush, even when it is alone. */
function slowDisk(delayMs: number): Record<string, string> {
  return delayMs === 0 ? {} : { commit_delay: String(delayMs * 1_000), commit_siblings: "0" };
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

interface Row {
  readonly name: string;
  readonly baseline: number[];
  readonly engine: number[];
  readonly limit: number;
}

function print({ name, baseline, engine, limit }: Row): void {
  const ratios = engine.map((value, round) => value / (baseline[round] ?? NaN));
  const spread = `${Math.min(...ratios).toFixed(1)}–${Math.max(...ratios).toFixed(1)}`;
  const columns = [
    name.padEnd(22),
    median(baseline).toFixed(0).padStart(9),
    median(engine).toFixed(0).padStart(9),
    `${median(ratios).toFixed(1)}x`.padStart(8),
    spread.padStart(12),
    `${limit}x`.padStart(6),
    median(ratios) >= limit ? "met" : "MISSED",
  ];
  console.log(columns.join(" "));
}

async function createStudy(studies: Studies, pool: Pool, name: string): Promise<StudyRef & { id: number }> {
  const { rows } = await pool.query<{ id: number }>("select id from project");
  const projectId = rows[0]?.id ?? 0;
  const domain = { kind: "real", low: 0, high: 1, log: false, step: undefined } as const;
  const { study } = await studies.create({
    projectId,
    name,
    displayName: "",
    labels: {},
    attributes: {},
    note: "",
    allowExisting: true,
    validateOnly: false,
    spec: {
      ...specDefaults,
      parameters: Array.from({ length: 5 }, (_, i) => ({
        name: `x${i}`,
        domain,
        condition: undefined,
        default: undefined,
      })),
      sampler: { kind },
      pruner: { kind: "none" },
      seed: 1,
    },
  });
  return { projectId, name, id: study.id };
}

/* What a server without coalescing would send for each call: the same tables (a row a report, with its key), the same lock, one commit a call. */
const singleAsk = {
  name: "bench_ask",
  text: `with c as (update study_clock set next_number = next_number + 1, change_seq = change_seq + 1, running = running + 1 where study_id = $1
      returning next_number - 1 as number, change_seq),
    t as (insert into trial (study_id, number, state, attempt, seq, params, spec_version, started_at)
      select $1, c.number, 2, 1, c.change_seq, $2::jsonb, 1, now() from c),
    r as (insert into running (study_id, number, attempt, worker, lease_seconds, lease_expires_at)
      select $1, c.number, 1, 'w', 600, now() + interval '600 s' from c)
    select number from c`,
};
const singleTell = {
  name: "bench_tell",
  text: `with c as (update study_clock set change_seq = change_seq + 1, running = running - 1, completed = completed + 1 where study_id = $1
      returning change_seq),
    r as (delete from running where study_id = $1 and number = $2)
    update trial t set state = 3, "values" = array[$3::float8], seq = c.change_seq, end_seq = c.change_seq, ended_at = now()
    from c where t.study_id = $1 and t.number = $2`,
};
const reportTable = `create table bench_report (study_id bigint, number int, attempt int, step int, "values" float8[] not null, metrics jsonb,
  reported_at timestamptz not null default now(), primary key (study_id, number, attempt, step)) with (autovacuum_vacuum_scale_factor = 0.05)`;
const singleReport = {
  name: "bench_report",
  text: `insert into bench_report (study_id, number, attempt, step, "values") values ($1, $2, 1, $3, array[$4::float8])
    on conflict (study_id, number, attempt, step) do update set "values" = excluded."values"`,
};
/** Running trials made in bulk, for a round to tell: more than it can. */
const fill = `with r as (insert into running (study_id, number, attempt, worker, lease_seconds, lease_expires_at)
    select $1, n, 1, 'w', 600, now() + interval '600 s' from generate_series($2::int, $2 + $3 - 1) n),
  c as (update study_clock set next_number = next_number + $3, change_seq = change_seq + $3, running = running + $3 where study_id = $1)
  insert into trial (study_id, number, state, attempt, seq, params, spec_version, started_at)
  select $1, n, 2, 1, n, $4::jsonb, 1, now() from generate_series($2::int, $2 + $3 - 1) n`;
const tellsPerRound = 60_000 * (roundMs / 1_000);
const params = JSON.stringify({
  x0: 0.123456789,
  x1: 0.223456789,
  x2: 0.323456789,
  x3: 0.423456789,
  x4: 0.523456789,
});

async function inProcess(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), "asktell-bench-"));
  const server = await startEmbeddedPostgres({
    dataDir,
    log: silent,
    settings: slowDisk(Number(flags["flush-delay"])),
  });
  try {
    await migrate({ connection: server.connection, log: silent });
    // The same settings for both, so that only the number of statements differs.
    const single = createPool(server.connection, { max: 20, settings: keyLookups });
    const hot = createPool(server.connection, { max: 20, settings: keyLookups });
    const cold = createPool(server.connection, { max: 4, statementTimeoutMs: 60_000 });
    await cold.query(reportTable);
    await runIn(cold);
    const studies = createStudies({ store: createStore(hot, cold), log: silent });
    console.log(
      `\nOne hot study, ${kind} sampler, calls a second (medians of ${rounds} rounds of ${roundMs / 1_000} s)`,
    );
    console.log(
      `A flush to this disk takes ${(await flushMs(dataDir)).toFixed(2)} ms${delayNote()}: what one statement a call waits for.`,
    );
    console.log("                        statement    engine    ratio        range    bar");
    const ask: Row = { name: "ask, 64 callers", baseline: [], engine: [], limit: 15 };
    const tell: Row = { name: "tell, 64 callers", baseline: [], engine: [], limit: 15 };
    const report64: Row = { name: "report, 64 callers", baseline: [], engine: [], limit: 3 };
    const report256: Row = { name: "report, 256 callers", baseline: [], engine: [], limit: 6 };
    for (let round = 0; round < rounds; round++) {
      const plain = await createStudy(studies, cold, `single-${round}`);
      const busy = await createStudy(studies, cold, `engine-${round}`);
      const asked: number[] = [];
      ask.baseline.push(
        await rate(64, async () => {
          const { rows } = await single.query<{ number: number }>({
            ...singleAsk,
            values: [plain.id, params],
          });
          asked.push(rows[0]?.number ?? -1);
        }),
      );
      const open: number[] = [];
      const askOne = async (): Promise<number> => {
        const { trials } = await studies.ask(busy, {
          count: 1,
          worker: "w",
          requestId: "",
          fixed: {},
          leaseSeconds: undefined,
          resume: false,
          maxWaitMs: 0,
        });
        return trials[0]?.number ?? -1;
      };
      ask.engine.push(await rate(64, async () => void open.push(await askOne())));
      // One each, however slow the machine was.
      const more = Array.from({ length: Math.max(0, 256 - open.length) }, () => askOne());
      open.push(...(await Promise.all(more)));
      const running = open.slice(0, 256);
      for (const [row, callers] of [
        [report64, 64],
        [report256, 256],
      ] as const) {
        const steps = new Array<number>(callers).fill(0);
        const stepOf = (caller: number) => (steps[caller] = (steps[caller] ?? 0) + 1);
        row.baseline.push(
          await rate(callers, (caller) =>
            single.query({ ...singleReport, values: [plain.id, caller, stepOf(caller), 0.5] }),
          ),
        );
        row.engine.push(
          await rate(callers, (caller) =>
            studies.report(busy, {
              number: running[caller] ?? 0,
              leaseToken: "",
              step: stepOf(caller),
              values: [0.5],
              metrics: {},
            }),
          ),
        );
      }
      const first = asked.length;
      await cold.query(fill, [plain.id, first, tellsPerRound, params]);
      let next = first;
      tell.baseline.push(
        await rate(64, () => single.query({ ...singleTell, values: [plain.id, next++, 0.5] })),
      );
      const rest = open.slice(256);
      while (rest.length < tellsPerRound) {
        const { trials } = await studies.ask(busy, {
          count: 1_000,
          worker: "w",
          requestId: "",
          fixed: {},
          leaseSeconds: undefined,
          resume: false,
          maxWaitMs: 0,
        });
        rest.push(...trials.map(({ number }) => number));
      }
      tell.engine.push(
        await rate(64, async () => {
          const number = rest.pop();
          if (number === undefined) throw new Error("nothing is left to tell");
          await studies.tell(busy, {
            number,
            leaseToken: "",
            values: [0.5],
            metrics: {},
            state: undefined,
            failure: "",
            requestId: "",
          });
        }),
      );
    }
    for (const row of [ask, tell, report64, report256]) print(row);
    await studies.stop();
    await single.end();
    await hot.end();
    await cold.end();
  } finally {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** CPU seconds, user and system, that a process has used (proc(5), stat fields 14 and 15, in ticks of 10 ms). */
async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function overTheNetwork(): Promise<void> {
  const server = await startTestServer({ env: { ASKTELL_LOG_LEVEL: "info" } });
  try {
    const pid = server.process.pid ?? 0;
    const options = { baseUrl: server.url, interceptors: [withToken(server.token)] };
    const protocols: [string, Transport, number][] = [
      ["gRPC", createGrpcTransport(options), 0.9],
      [
        "Connect JSON",
        createConnectTransport({ ...options, httpVersion: "1.1", useBinaryFormat: false }),
        0.6,
      ],
    ];
    console.log(
      `\nServer CPU of an ask and a tell, one hot study, ${kind} sampler, 64 callers, ms (median of ${rounds} rounds)`,
    );
    console.log("                     pairs/s   CPU ms    range         bar");
    for (const [name, transport, limit] of protocols) {
      const trials = createClient(TrialService, transport);
      const study = `bench-${name.replaceAll(" ", "-").toLowerCase()}`;
      await createClient(StudyService, transport).createStudy({
        studyId: study,
        study: {
          parameters: Array.from({ length: 5 }, (_, i) => ({
            name: `x${i}`,
            domain: { case: "real" as const, value: { low: 0, high: 1 } },
          })),
          sampler: { sampler: { case: kind, value: {} } },
        },
      });
      const pair = async () => {
        const {
          trials: [trial],
        } = await trials.askTrials({ study, worker: "bench" });
        await trials.tellTrial({
          trial: trial?.name ?? "",
          leaseToken: trial?.leaseToken ?? "",
          values: [Math.random()],
        });
      };
      await rate(64, pair);
      const cost: number[] = [];
      const speed: number[] = [];
      for (let round = 0; round < rounds; round++) {
        const before = await cpuSeconds(pid);
        const pairs = await rate(64, pair);
        const used = (await cpuSeconds(pid)) - before;
        speed.push(pairs);
        cost.push((used * 1_000) / (pairs * (roundMs / 1_000)));
      }
      const range = `${Math.min(...cost).toFixed(2)}–${Math.max(...cost).toFixed(2)}`;
      const verdict = median(cost) <= limit ? "met" : "MISSED";
      console.log(
        `${name.padEnd(18)} ${median(speed).toFixed(0).padStart(9)} ${median(cost).toFixed(2).padStart(8)}    ${range.padEnd(12)} ${limit} ${verdict}`,
      );
    }
  } finally {
    await server.stop();
  }
}

console.log(
  `node ${process.version}, PostgreSQL embedded with fsync, ${cpus().length} cores, ${cpus()[0]?.model}`,
);
if (flags.only !== "network") await inProcess();
if (flags.only !== "process") await overTheNetwork();
