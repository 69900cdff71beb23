import { type PostgresConnection, databaseName } from "./endpoint.ts";
import { errorCode, queryOnce } from "./query.ts";

/** Creates our database when the cluster has none: on the first start, or after a first start that was killed. */
export async function ensureDatabase(connection: PostgresConnection): Promise<void> {
  try {
    await queryOnce(connection, "select 1");
  } catch (error) {
    if (errorCode(error) !== "3D000") throw error;
    await queryOnce({ ...connection, database: "postgres" }, `create database ${databaseName}`).catch(
      (failure: unknown) => {
        // Another first start was quicker.
        if (errorCode(failure) !== "42P04" && errorCode(failure) !== "23505") throw failure;
      },
    );
  }
}
