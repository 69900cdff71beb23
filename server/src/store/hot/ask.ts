import type { Pool } from "pg";
import { logChanges } from "./change-log.ts";
import { newestPart, partColumns } from "./curve-sql.ts";
import { dateOfMicros, leaseEnd, nowMicros } from "./lease-end.ts";
import { type Statement, arrayLiteral, lines, linesArray, run } from "./statement.ts";

/** A waiting trial to hand out, or a running one to hand to the same worker again. */
export interface Claim {
  readonly number: number;
  /** The attempt that the caller saw: the claim fails if another has been made since. */
  readonly attempt: number;
  readonly worker: string;
  readonly leaseSeconds: number;
}

/** A new trial to create and hand out. */
export interface NewTrial {
  /** Parameters as JSON. */
  readonly params: string;
  readonly worker: string;
  readonly leaseSeconds: number;
  readonly sampler: string;
  readonly reason: string;
  /** Parameters that the asker had fixed, as JSON. */
  readonly fixed: string | null;
  /** What the sampler's model expects, as TrialRecord's; empty without a model. */
  readonly expected: readonly number[];
}

/** The answer to one keyed request, stored with its effect. */
export interface RequestRecord {
  readonly key: string;
  readonly kind: number;
  /** Digest of the request's content: the same key with other content is refused. */
  readonly fingerprint: Buffer;
  readonly numbers: readonly number[];
  readonly attempts: readonly number[];
}

export interface AskBatch {
  readonly studyId: number;
  readonly specVersion: number;
  /** The number that the first new trial will get; the batch fails if it is taken. */
  readonly nextNumber: number;
  /** The change number of the history that the suggestions saw. */
  readonly historyRevision: number;
  /** The batch fails if the study has another change number. Undefined: it may have any. */
  readonly revision: number | undefined;
  readonly claims: readonly Claim[];
  readonly trials: readonly NewTrial[];
  readonly requests: readonly RequestRecord[];
  /** What the batch takes from tokens with a cap, each token once; the batch fails if one has less left. */
  readonly spending: readonly Spending[];
}

/** So many trials of what a token may be handed. */
export interface Spending {
  readonly tokenId: number;
  readonly count: number;
}

/** What a batch that was carried out got: every claim its next attempt, and the new trials the numbers from `nextNumber` on. */
export interface Grant {
  /** When the statement ran, by the database's clock. */
  readonly grantedAt: Date;
  /** The study's change number after the batch. */
  readonly revision: number;
  /** When the leases of new trials end, in their order. */
  readonly leaseEnds: readonly Date[];
}

/** What a statement has besides new trials. */
interface Besides {
  readonly claims: boolean;
  readonly caps: boolean;
}

/*
 * All or nothing, in one statement and so in one commit. `l` locks the study's clock, which orders all changes of the study, and finds
 * nothing unless the study is active and nobody has taken a number since the suggestions were made (or changed anything, if so asked); `ok` holds the budgets. A SELECT … FOR
 * UPDATE answers the newest version of a row, and an UPDATE of the same row further down follows it there, so that the counters never work
 * on the older snapshot (PostgreSQL 13.2.1, READ COMMITTED).
 */
const text = ({ claims, caps }: Besides) => `
with l as materialized (
  select study_id, change_seq, next_number, running, max_running, max_trials, cardinality($5::text[]) as fresh from study_clock
  where study_id = $1 and state = 1 and spec_version = $2 and next_number = $3 and ($17::bigint is null or change_seq = $17) for update
), ${claims ? claimSql.locks : ""} ${caps ? capSql.locks : ""} ok as materialized (
  select change_seq, next_number, ${claims ? claimSql.counts : "0 as unparked, 0 as claims"}, fresh
  from l
  where (max_running is null or running + ${claims ? claimSql.unparked : "0"} + fresh <= max_running)
    and (max_trials is null or next_number + fresh <= max_trials)
    ${claims ? claimSql.condition : ""} ${caps ? capSql.condition : ""}
), ${claims ? claimSql.effects : ""} ${caps ? capSql.effect : ""} fresh as (
  insert into trial (study_id, number, state, attempt, seq, params, worker, sampler, reason, history_seq, spec_version, fixed, expected, started_at)
  select $1, ok.next_number + x.ord - 1, 2, 1, ok.change_seq + ok.claims + x.ord, x.params::jsonb, x.worker, x.sampler, x.reason,
    $10, $2, x.fixed::jsonb, x.expected::float8[], now()
  from ok cross join unnest(${linesArray("$4")}, $5::text[], $7::text[], $8::text[], ${linesArray("$9")}, ${linesArray("$16")}) with ordinality
    as x(params, worker, sampler, reason, fixed, expected, ord)
), lease as (
  insert into running (study_id, number, attempt, worker, lease_seconds, lease_expires_at)
  select $1, ok.next_number + x.ord - 1, 1, x.worker, x.lease, now() + make_interval(secs => x.lease)
  from ok cross join unnest($5::text[], $6::float8[]) with ordinality as x(worker, lease, ord)
  ${claims ? claimSql.leases : ""}
), req as (
  insert into request (study_id, key, kind, fingerprint, numbers, attempts)
  select $1, x.key, x.kind, x.fingerprint, x.numbers::int[], x.attempts::int[]
  from ok cross join unnest($11::text[], $12::smallint[], $13::bytea[], $14::text[], $15::text[]) as x(key, kind, fingerprint, numbers, attempts)
), u as (
  update study_clock s set next_number = s.next_number + ok.fresh, running = s.running + ok.fresh + ok.unparked,
    waiting = s.waiting - ok.unparked, change_seq = s.change_seq + ok.claims + ok.fresh
  from ok where s.study_id = $1 returning s.change_seq
), log as (${logChanges("ok.change_seq + ok.claims + ok.fresh", `${claims ? "$18::int[] || " : ""}array(select generate_series(ok.next_number, ok.next_number + ok.fresh - 1))`, "ok")}
)
select u.change_seq, ${nowMicros} as now_micros from u`;

/*
 * Claims: `c` locks the trials, `held` the leases of those that have one, whose reports are the earlier attempt's and go to its parts before
 * the lease is made anew (`moved` sees to the order). What another statement inserted while this one waited stays invisible: a claimed trial
 * must be as the snapshot (`seen`) has it. And a waiting one must be as the history had it, since a user may have given it another point than
 * the one that it was chosen for.
 */
const claimSql = {
  locks: `c as materialized (
    select t.number, t.state, x.attempt + 1 as attempt, x.worker, x.lease, x.ord
    from l cross join unnest($18::int[], $19::int[], $20::text[], $21::float8[]) with ordinality as x(number, attempt, worker, lease, ord)
    join trial t on t.study_id = l.study_id and t.number = x.number
    join trial seen on seen.study_id = l.study_id and seen.number = x.number and seen.seq = t.seq
    where t.number = any($18::int[]) and t.attempt = x.attempt and (t.state = 2 or t.state = 1 and t.seq <= $10)
    order by t.number for update of t
  ),`,
  unparked: "(select count(*) from c where state = 1)",
  counts: "(select count(*) from c where state = 1)::int as unparked, cardinality($18::int[]) as claims",
  condition: "and (select count(*) from c) = cardinality($18::int[])",
  effects: `held as materialized (
    select r.number, r.attempt, r.kept, r.parted, r.steps, r."values", r.times from ok cross join c
    cross join lateral (select * from running where study_id = $1 and number = c.number for update) r
  ), parts as (
    insert into curve_part (study_id, ${partColumns}) select $1, * from (${newestPart("held")}) newest
  ), claimed as (
    update trial t set state = 2, attempt = c.attempt, worker = c.worker, started_at = now(), seq = ok.change_seq + c.ord
    from ok, c where t.study_id = $1 and t.number = any($18::int[]) and t.number = c.number
  ),`,
  leases: `union all
  select $1, c.number, c.attempt, c.worker, c.lease, now() + make_interval(secs => c.lease) from ok, c, (select count(*) from held) moved
  on conflict (study_id, number) do update set attempt = excluded.attempt, worker = excluded.worker,
    lease_seconds = excluded.lease_seconds, lease_expires_at = excluded.lease_expires_at,
    reports = 0, kept = 0, parted = 0, steps = '{}', "values" = '{}', times = '{}'`,
};

/*
 * Tokens with a cap: `q` locks them after the study and the claims, in the order of their ids. What one study has spent while another
 * waited is seen, since a locked row is the newest one, and its condition is checked on that.
 */
const capSql = {
  locks: `q as materialized (
    select t.id, x.count from l cross join unnest($22::bigint[], $23::int[]) as x(id, count) join api_token t on t.id = x.id
    where t.id = any($22::bigint[]) and t.asks + x.count <= t.max_asks order by t.id for update of t
  ),`,
  condition: "and (select count(*) from q) = cardinality($22::bigint[])",
  effect: `spent as (
    update api_token t set asks = t.asks + q.count from ok, q where t.id = any($22::bigint[]) and t.id = q.id
  ),`,
};

/** Most asks want new trials and nothing else: their statement is half as long, and so is what it costs to begin. */
const freshStatement: Statement = { name: "ask", text: text({ claims: false, caps: false }) };
const claimStatement: Statement = { name: "ask_claim", text: text({ claims: true, caps: false }) };
const cappedStatement: Statement = { name: "ask_capped", text: text({ claims: true, caps: true }) };

/** How many trials tokens with a cap may still be handed; tokens that are gone are left out. */
export async function asksLeft(
  pool: Pool,
  tokenIds: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const rows = await run<{ id: number; left: number }>(pool, asksLeftStatement, [tokenIds]);
  return new Map(rows.map(({ id, left }) => [id, left]));
}

const asksLeftStatement: Statement = {
  name: "asks_left",
  text: `select id, max_asks - asks as left from api_token where id = any($1::bigint[]) and max_asks is not null`,
};

interface Row {
  change_seq: number;
  now_micros: number;
}

/**
 * Creates and hands out trials within the study's budgets. Answers undefined, with nothing done, if the study has moved on: another number
 * taken, a claim lost, a budget full, the study not active or not at the revision. Throws the unique violation 23505 when a request key has been used.
 */
export async function askStatement(pool: Pool, batch: AskBatch): Promise<Grant | undefined> {
  const { claims, trials, requests, spending } = batch;
  const fresh = [
    batch.studyId,
    batch.specVersion,
    batch.nextNumber,
    lines(trials.map((trial) => trial.params)),
    trials.map((trial) => trial.worker),
    arrayLiteral(trials.map((trial) => trial.leaseSeconds)),
    trials.map((trial) => trial.sampler),
    trials.map((trial) => trial.reason),
    lines(trials.map((trial) => trial.fixed)),
    batch.historyRevision,
    requests.map((request) => request.key),
    requests.map((request) => request.kind),
    requests.map((request) => request.fingerprint),
    requests.map((request) => `{${request.numbers.join(",")}}`),
    requests.map((request) => `{${request.attempts.join(",")}}`),
    lines(trials.map(({ expected }) => (expected.length === 0 ? null : arrayLiteral(expected)))),
    batch.revision ?? null,
  ];
  const claimed = [
    claims.map((claim) => claim.number),
    claims.map((claim) => claim.attempt),
    claims.map((claim) => claim.worker),
    claims.map((claim) => claim.leaseSeconds),
  ];
  const spent = [spending.map(({ tokenId }) => tokenId), spending.map(({ count }) => count)];
  const query = (): Promise<Row[]> => {
    if (spending.length > 0) return run(pool, cappedStatement, [...fresh, ...claimed, ...spent]);
    if (claims.length > 0) return run(pool, claimStatement, [...fresh, ...claimed]);
    return run(pool, freshStatement, fresh);
  };
  const [row] = await query();
  if (row === undefined) return undefined;
  return {
    grantedAt: dateOfMicros(row.now_micros),
    revision: row.change_seq,
    leaseEnds: trials.map(({ leaseSeconds }) => leaseEnd(row.now_micros, leaseSeconds)),
  };
}
