import type { Pool } from "pg";
import { type Statement, run } from "./hot/statement.ts";

/** A result that a study took over from an earlier one. */
export interface StoredSourceTrial {
  readonly number: number;
  readonly params: Readonly<Record<string, number | string | boolean | null>>;
  readonly loss: number;
}

/** All that a study took over from one earlier study. */
export interface StoredSource {
  readonly name: string;
  readonly trials: readonly StoredSourceTrial[];
}

const statement: Statement = {
  name: "study_sources",
  text: `select name, trials from study_source where study_id = $1 order by position`,
};

/** What a study took over when it was created, in the order of its sources. */
export async function readSources(pool: Pool, studyId: number): Promise<StoredSource[]> {
  return run<{ name: string; trials: StoredSourceTrial[] }>(pool, statement, [studyId]);
}
