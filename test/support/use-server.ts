import { afterAll, beforeAll } from "vitest";
import { type TestServer, startTestServer } from "./server.ts";

/**
 * Gives a test file, or a `describe` in it, a server of its own for the time of its tests; read its fields inside hooks and tests.
 *
 * @param start Starts the server. Default: one with an empty store of its own.
 * @example
 * const database = useTestPostgres();
 * const server = useTestServer(() => startTestServer({ env: { DATABASE_URL: database.url } }));
 */
export function useTestServer(start: () => Promise<TestServer> = () => startTestServer()): TestServer {
  // Filled in when the tests begin.
  const server = {} as TestServer;
  beforeAll(async () => void Object.assign(server, await start()));
  afterAll(() => server.stop?.());
  return server;
}
