import type { Pool } from "pg";
import { type Statement, run } from "./statement.ts";

const statement: Statement = {
  name: "trial_expectations",
  text: `select number, expected from trial where study_id = $1 and number = any($2::int[]) and expected is not null`,
};

/** What samplers' models expected of trials, as in TrialRecord, by number; trials that no model chose are left out. */
export async function readExpectations(
  pool: Pool,
  studyId: number,
  numbers: readonly number[],
): Promise<ReadonlyMap<number, readonly number[]>> {
  const rows = await run<{ number: number; expected: number[] }>(pool, statement, [studyId, numbers]);
  return new Map(rows.map(({ number, expected }) => [number, expected]));
}
