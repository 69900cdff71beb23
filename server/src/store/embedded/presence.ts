import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import type { PostgresConnection } from "./endpoint.ts";
import { connect, queryOnce } from "./query.ts";

/** Name under which a process that uses the server shows itself to the others. */
const applicationName = "asktell presence";

/**
 * An idle connection held for as long as this process uses the server. It tells others that the server is in use, and
 * this process that the server has gone; both survive a kill -9 of either side, which no lock file does.
 */
export async function showPresence(connection: PostgresConnection, onLost: () => void): Promise<pg.Client> {
  const client = await connect(connection, applicationName);
  client.once("end", onLost);
  return client;
}

/** Whether another process uses the server, once this one has ended its presence. */
export async function isUsedByOthers(connection: PostgresConnection): Promise<boolean> {
  // Two processes that leave together may see each other's last moment: look again before believing it.
  for (let look = 0; look < 4; look++) {
    if (look > 0) await sleep(50);
    const rows = await queryOnce(
      connection,
      "select count(*)::int as others from pg_stat_activity where application_name = $1",
      [applicationName],
    );
    if (rows[0]?.["others"] === 0) return false;
  }
  return true;
}
