import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { PostgresConnection } from "../../server/src/store/embedded/index.ts";

/** The study's tables at one moment: one statement, and so one snapshot. */
export interface Sample {
  readonly at: number;
  /** Rows of the lease table. */
  readonly leases: number;
  /** Trials counted by state, in the order of the states' codes from 1. */
  readonly counted: readonly number[];
  /** What the clock says of the same. */
  readonly counters: readonly number[];
  /** How long the lease that is most overdue has been so, seconds; a restart of the database gives every lease its whole time. */
  readonly overdueSeconds: number;
  /** Trials that run without a lease, and leases of trials that do not run. */
  readonly orphans: readonly number[];
  readonly nextNumber: number;
  readonly changeSeq: number;
  readonly studyState: number;
}

const statement = `
with t as (select number, state from trial where study_id = $1),
r as (select number, lease_seconds, lease_expires_at from running where study_id = $1)
select (select count(*)::int from r) as leases,
  array[s.waiting, s.running, s.completed, s.pruned, s.failed, s.infeasible] as counters,
  (select array[count(*) filter (where state = 1), count(*) filter (where state = 2), count(*) filter (where state = 3),
    count(*) filter (where state = 4), count(*) filter (where state = 5), count(*) filter (where state = 6)]::int[] from t) as counted,
  (select coalesce(max(extract(epoch from now() - greatest(lease_expires_at,
    pg_postmaster_start_time() + make_interval(secs => lease_seconds)))), -1)::float8 from r) as overdue,
  (select coalesce(array_agg(coalesce(r.number, o.number)), '{}') from r
    full join (select number from t where state = 2) o on o.number = r.number where r.number is null or o.number is null) as orphans,
  s.next_number, s.change_seq, s.state
from study_clock s where s.study_id = $1`;

interface Row {
  leases: number;
  counters: number[];
  counted: number[];
  overdue: number;
  orphans: number[];
  next_number: number;
  change_seq: string;
  state: number;
}

export interface Observer {
  readonly samples: readonly Sample[];
  /** The newest sample. */
  readonly newest: Sample | undefined;
  stop(): Promise<void>;
}

/** Looks into the tables again and again, on a connection of its own. A database that is away is looked at later. */
export function startObserver(connection: PostgresConnection, studyId: number, everyMs: number): Observer {
  const samples: Sample[] = [];
  const stopping = new AbortController();

  async function observe(): Promise<void> {
    let client: pg.Client | undefined;
    while (!stopping.signal.aborted) {
      try {
        if (client === undefined) {
          client = new pg.Client({ ...connection, application_name: "observer" });
          client.on("error", () => {});
          await client.connect();
        }
        const { rows } = await client.query<Row>(statement, [studyId]);
        for (const row of rows) samples.push(sampleOf(row));
      } catch (error) {
        if (error instanceof pg.DatabaseError && !/^(57|08|53)/.test(error.code ?? "")) throw error;
        await client?.end().catch(() => {});
        client = undefined;
      }
      await sleep(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
    await client?.end();
  }

  const observing = observe();
  // Whoever stops it hears of a failure; until then it must not end the process.
  observing.catch(() => undefined);
  return {
    samples,
    get newest() {
      return samples.at(-1);
    },
    async stop() {
      stopping.abort();
      await observing;
    },
  };
}

function sampleOf(row: Row): Sample {
  return {
    at: Date.now(),
    leases: row.leases,
    counted: row.counted,
    counters: row.counters,
    overdueSeconds: row.overdue,
    orphans: row.orphans,
    nextNumber: row.next_number,
    changeSeq: Number(row.change_seq),
    studyState: row.state,
  };
}
