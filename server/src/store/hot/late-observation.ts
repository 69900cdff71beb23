import type { Pool } from "pg";
import { trialStates } from "../states.ts";
import { encodeMetrics } from "./metrics.ts";
import { type Statement, arrayLiteral, run } from "./statement.ts";
import type { Tell } from "./tell.ts";

const statement: Statement = {
  name: "tell_late",
  text: `
insert into late_observation (study_id, number, attempt, state, "values", metrics, worker)
values ($1, $2, $3, $4, $5::float8[], $6::jsonb, $7) on conflict do nothing`,
};

/** Keeps a result that came too late to count. Repeating it changes nothing. */
export async function keepLateObservation(
  pool: Pool,
  studyId: number,
  attempt: number,
  worker: string,
  tell: Tell,
): Promise<void> {
  const state = trialStates.indexOf(tell.state);
  const metrics = encodeMetrics(tell.metrics);
  await run(pool, statement, [
    studyId,
    tell.number,
    attempt,
    state,
    arrayLiteral(tell.values),
    metrics,
    worker,
  ]);
}
