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

/** All trials' numbers and values as one binary value, in records: that is several times faster than rows for the driver. */
const recordsStatement = (objectives: number): Statement => ({
  name: `trials_values_${objectives}`,
  text: `
select string_agg(int4send(t.number)${Array.from({ length: objectives }, (_, index) => ` || float8send(t."values"[${index + 1}])`).join("")}, ''
  order by t.number) as records from trial t where ${condition}`,
});

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
  const width = goals.length;
  const [row] = await run<{ records: Buffer | null }>(pool, recordsStatement(width), [studyId, width]);
  const records = row?.records ?? Buffer.alloc(0);
  // An int4 and the float8s, big-endian.
  const size = 4 + 8 * width;
  const values = Float64Array.from({ length: (records.length / size) * width }, (_, index) =>
    records.readDoubleBE(size * Math.floor(index / width) + 4 + 8 * (index % width)),
  );
  return Array.from(paretoFront(values, goals).subarray(0, limit), (place) =>
    records.readInt32BE(size * place),
  );
}
