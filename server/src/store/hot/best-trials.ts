import type { Pool } from "pg";
import { type Goal, paretoFront } from "../../optimizer/analysis/pareto.ts";
import { type Statement, run } from "./statement.ts";
import { type TrialDetail, readTrials } from "./trials.ts";

const condition = `t.study_id = $1 and t.state = 3 and t.violation = 0 and cardinality(t."values") = $2::int`;

const byValue = (direction: "asc" | "desc"): Statement => ({
  name: `trials_best_${direction}`,
  text: `
select t.number from trial t where ${condition} and t."values"[1] <> 'NaN' order by t."values"[1] ${direction}, t.number limit $3`,
});
const smallestStatement = byValue("asc");
const largestStatement = byValue("desc");

// One binary value: the driver takes 20 times as long to parse as many rows of numbers.
const valuesStatement: Statement = {
  name: "trials_objective_values",
  text: `
select string_agg(int4send(t.number), '' order by t.number) as numbers,
  string_agg((select string_agg(float8send(v), '' order by place) from unnest(t."values") with ordinality as u(v, place)), '' order by t.number) as vals
from trial t where ${condition}`,
};

/**
 * The best completed trials that exceed no constraint, best first. With one objective the `limit` best, ties by number; with several
 * the first `limit` of the Pareto front, ordered by the first objective, then the next ones, then by number.
 */
export async function bestTrials(
  pool: Pool,
  studyId: number,
  goals: readonly Goal[],
  limit: number,
): Promise<TrialDetail[]> {
  const numbers =
    goals.length === 1
      ? await bestNumbers(pool, studyId, goals[0] === -1, limit)
      : await frontNumbers(pool, studyId, goals, limit);
  const trials = await readTrials(pool, studyId, numbers);
  const byNumber = new Map(trials.map((trial) => [trial.number, trial]));
  return numbers.map((number) => byNumber.get(number)).filter((trial) => trial !== undefined);
}

async function bestNumbers(
  pool: Pool,
  studyId: number,
  descending: boolean,
  limit: number,
): Promise<number[]> {
  const statement = descending ? largestStatement : smallestStatement;
  return (await run<{ number: number }>(pool, statement, [studyId, 1, limit])).map(({ number }) => number);
}

async function frontNumbers(
  pool: Pool,
  studyId: number,
  goals: readonly Goal[],
  limit: number,
): Promise<number[]> {
  const [row] = await run<{ numbers: Buffer | null; vals: Buffer | null }>(pool, valuesStatement, [
    studyId,
    goals.length,
  ]);
  const numbers = row?.numbers ?? Buffer.alloc(0);
  const bytes = row?.vals ?? Buffer.alloc(0);
  const values = Float64Array.from({ length: bytes.length / 8 }, (_, index) => bytes.readDoubleBE(8 * index));
  return Array.from(paretoFront(values, goals).subarray(0, limit), (place) => numbers.readInt32BE(4 * place));
}
