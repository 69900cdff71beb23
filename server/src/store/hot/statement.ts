import type { Pool, PoolClient, QueryResultRow } from "pg";

/**
 * A statement prepared once a connection under its name. MikroORM inlines values and never names statements, so
 * the hot paths speak to node-postgres themselves, on the pool that MikroORM does not use.
 */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** Runs a statement on its own (autocommit) or on a client that holds a transaction; answers its rows. */
export async function run<Row extends QueryResultRow>(
  on: Pool | PoolClient,
  statement: Statement,
  values: unknown[],
): Promise<Row[]> {
  const result = await on.query<Row>({ name: statement.name, text: statement.text, values });
  return result.rows;
}

/**
 * Numbers as a PostgreSQL array literal, NaN and infinities included. Used where a row of `unnest` holds an array, and for the long lists
 * of a batch, which node-postgres would escape number by number.
 */
export function arrayLiteral(numbers: readonly (number | null)[]): string {
  return `{${numbers.map((number) => number ?? "NULL").join(",")}}`;
}

/**
 * Texts without line breaks as one text for {@link linesArray}: quoting JSON in an array literal takes both sides longer. An empty one
 * stands for null.
 */
export const lines = (texts: readonly (string | null)[]): string =>
  texts.map((text) => text ?? "").join("\n");

/** SQL for the text[] of a parameter of {@link lines}. */
export const linesArray = (parameter: string): string => `string_to_array(${parameter}, chr(10), '')`;
