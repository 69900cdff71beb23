import type { Pool } from "pg";
import { withTransaction } from "../pool.ts";
import type { Limits } from "./limits.ts";
import type { Json } from "./record.ts";

export interface StudyChange extends Limits {
  readonly id: number;
  /** The version that the change was made from; another one refuses it. */
  readonly version: number;
  readonly displayName: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly attributes: Json;
  readonly note: string;
  /** The new specification; undefined leaves it as it is. */
  readonly spec: Json | undefined;
}

/**
 * Changes a study's own fields; answers false, with nothing done, if its version is another. A new `max_trials` that the ended
 * trials already fill finishes the study.
 */
export async function updateStudy(pool: Pool, change: StudyChange): Promise<boolean> {
  return withTransaction(pool, async (client) => {
    // The clock first, as in every statement that locks more than one row of a study.
    await client.query("select from study_clock where study_id = $1 for update", [change.id]);
    const updated = await client.query(
      `update study set display_name = $3, labels = $4, attributes = $5, note = $6, version = version + 1, updated_at = now()
       where id = $1 and version = $2`,
      [
        change.id,
        change.version,
        change.displayName,
        JSON.stringify(change.labels),
        JSON.stringify(change.attributes),
        change.note,
      ],
    );
    if (updated.rowCount === 0) return false;
    if (change.spec !== undefined) {
      await client.query(
        `insert into study_spec (study_id, version, spec) select $1, spec_version + 1, $2 from study_clock where study_id = $1`,
        [change.id, JSON.stringify(change.spec)],
      );
    }
    await client.query(
      `update study_clock set change_seq = change_seq + 1, spec_version = spec_version + $2, max_trials = $3, max_running = $4, max_attempts = $5,
         state = case when state <> 3 and next_number >= $3 and waiting = 0 and running = 0 then 3 else state end,
         finish_reason = case when state <> 3 and next_number >= $3 and waiting = 0 and running = 0 then 2 else finish_reason end,
         finished_at = case when state <> 3 and next_number >= $3 and waiting = 0 and running = 0 then now() else finished_at end
       where study_id = $1`,
      [
        change.id,
        change.spec === undefined ? 0 : 1,
        change.maxTrials ?? null,
        change.maxRunning ?? null,
        change.maxAttempts,
      ],
    );
    return true;
  });
}
