import pg from "pg";
import type { PostgresConnection } from "./endpoint.ts";

/**
 * How long connecting and each statement of the launcher may take, in milliseconds: an end for what hangs. Creating the database writes
 * and flushes a thousand files, which a busy disk takes seconds for.
 */
const patience = 60_000;

/** Connects; the caller must end the client. An error event without a listener would end the process. */
export async function connect(
  connection: PostgresConnection,
  applicationName: string,
  timeoutMs = patience,
): Promise<pg.Client> {
  const client = new pg.Client({
    ...connection,
    ssl: false,
    application_name: applicationName,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
  });
  client.on("error", () => {});
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
  return client;
}

/** Runs one statement on a connection of its own. */
export async function queryOnce(
  connection: PostgresConnection,
  text: string,
  values: unknown[] = [],
  timeoutMs = patience,
): Promise<Record<string, unknown>[]> {
  const client = await connect(connection, "asktell launcher", timeoutMs);
  try {
    return (await client.query<Record<string, unknown>>(text, values)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}

/** The SQLSTATE or system error code. */
export function errorCode(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}
