import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startEmbeddedPostgres } from "../../server/src/store/embedded/index.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Superuser connection to the PostgreSQL of this run. */
    postgresUrl: string;
  }
}

/** Starts the run's one PostgreSQL, without durability: it lives as long as the run. Returns what stops it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), "asktell-test-"));
  const server = await startEmbeddedPostgres({
    dataDir,
    log: { info: () => {}, warn: (message) => console.warn(message) },
    settings: { fsync: "off", full_page_writes: "off", synchronous_commit: "off", max_connections: "300" },
  });
  project.provide("postgresUrl", server.url);
  return async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}
