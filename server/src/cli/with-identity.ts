import type { Command } from "commander";
import { type Identity, createIdentity } from "../identity/index.ts";
import { createOrm } from "../store/orm.ts";
import type { OpenDatabase } from "./open-database.ts";
import { withDatabase } from "./with-database.ts";

/** Runs a command on the database with its tokens and projects. */
export async function withIdentity(
  command: Command,
  use: (identity: Identity, database: OpenDatabase) => Promise<void>,
): Promise<void> {
  await withDatabase(command, async (database, log) => {
    const orm = await createOrm({ connection: database.connection, poolSize: 1 });
    const identity = createIdentity({ orm, log });
    try {
      await use(identity, database);
    } finally {
      await identity.stop();
      await orm.close();
    }
  });
}
