import type { Pool } from "pg";
import type { RequestRecord } from "./ask.ts";
import { type Statement, run } from "./statement.ts";

/** What a request key was used for. */
export const requestKinds = { ask: 1, enqueue: 2, import: 3, edit: 4, cancel: 5 } as const;

const findStatement: Statement = {
  name: "request_find",
  text: `select key, kind, fingerprint, numbers, attempts from request where study_id = $1 and key = any($2::text[])`,
};

/** The stored answers of keyed requests, by key. */
export async function findRequests(
  pool: Pool,
  studyId: number,
  keys: readonly string[],
): Promise<ReadonlyMap<string, RequestRecord>> {
  if (keys.length === 0) return new Map();
  const rows = await run<{
    key: string;
    kind: number;
    fingerprint: Buffer;
    numbers: number[];
    attempts: number[];
  }>(pool, findStatement, [studyId, keys]);
  return new Map(rows.map((row) => [row.key, row]));
}

const forgottenAtOnce = 5_000;

const forgetStatement: Statement = {
  name: "request_forget",
  text: `
with gone as (
  delete from request where (study_id, key) in (
    select study_id, key from request where created_at < now() - interval '7 days' order by created_at limit ${forgottenAtOnce})
  returning 1
)
select count(*)::int as rows from gone`,
};

/**
 * Forgets answers older than the seven days that the API promises to keep them, so many at a time that no statement is long; answers
 * whether there may be more.
 */
export async function forgetOldRequests(pool: Pool): Promise<boolean> {
  const [gone] = await run<{ rows: number }>(pool, forgetStatement, []);
  return gone?.rows === forgottenAtOnce;
}
