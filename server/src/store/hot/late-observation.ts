import type { Pool } from "pg";
import { trialStates } from "../states.ts";
import { encodeMetrics } from "./metrics.ts";
import { type Statement, arrayLiteral, run } from "./statement.ts";
import type { Tell } from "./tell.ts";

const statement: Statement = {
  name: "tell_late",
  text: `
insert into late_observation (study_id, number, attempt, state, "values", metrics, worker)
values ($1, $2, $3, $4, $5::float8[], $6::jsonb, $7)
on conflict (study_id, number, attempt) do update set worker = late_observation.worker
where late_observation.state = excluded.state and late_observation."values" = excluded."values" and late_observation.metrics = excluded.metrics
returning attempt`,
};

/**
 * Keeps a result that came too late to count, the first of each attempt; repeating it changes nothing. Answers whether it is kept: not if the
 * attempt has told another one before.
 */
export async function keepLateObservation(
  pool: Pool,
  studyId: number,
  attempt: number,
  worker: string,
  tell: Tell,
): Promise<boolean> {
  const state = trialStates.indexOf(tell.state);
  const metrics = encodeMetrics(tell.metrics);
  const kept = await run(pool, statement, [
    studyId,
    tell.number,
    attempt,
    state,
    arrayLiteral(tell.values),
    metrics,
    worker,
  ]);
  return kept.length > 0;
}
