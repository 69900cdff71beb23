import type { QueryResultRow } from "pg";
import type { Orm } from "../orm.ts";
import { typeParsers } from "../type-parsers.ts";

/** One statement on the object mapper's pool, for what its query builder says less clearly than SQL; answers the rows. */
export async function query<Row extends QueryResultRow>(
  orm: Orm,
  text: string,
  values: readonly unknown[],
): Promise<Row[]> {
  const pool = await orm.em.getConnection().getNativeClient();
  const { rows } = await pool.query<Row>({ text, values: [...values], types: typeParsers });
  return rows;
}
