import { randomUUID } from "node:crypto";
import type { Pool } from "pg";
import { afterAll, beforeAll } from "vitest";
import type { PostgresConnection } from "../../server/src/store/embedded/index.ts";
import { migrate } from "../../server/src/store/migrate.ts";
import { createPool, keyLookups } from "../../server/src/store/pool.ts";
import { createStore } from "../../server/src/store/store.ts";
import type { CreateOptions, SpecDraft } from "../../server/src/studies/create-study.ts";
import type { StudyRef } from "../../server/src/studies/directory.ts";
import { type Studies, createStudies } from "../../server/src/studies/index.ts";
import { useTestPostgres } from "./postgres.ts";

/** The use cases on a database of a test file's own; read its fields inside hooks and tests. */
export interface TestStudies {
  /** For further pools. */
  readonly connection: PostgresConnection;
  readonly pool: Pool;
  readonly studies: Studies;
  /** Of the project that every database begins with. */
  readonly projectId: number;
  /** A new study in it, under a name of its own. */
  create(spec: SpecDraft): Promise<StudyRef>;
}

const silent = { info: () => {}, warn: () => {} };

/** Gives a test file the use cases, and stops them after its tests. */
export function useTestStudies(): TestStudies {
  const database = useTestPostgres({
    name: "migrated",
    build: async (connection) => void (await migrate({ connection, log: silent })),
  });
  let own: Pick<TestStudies, "pool" | "studies" | "projectId"> | undefined;
  beforeAll(async () => {
    const pool = createPool(database.connection, { settings: keyLookups });
    const studies = createStudies({ store: createStore(pool, pool), log: silent });
    const { rows } = await pool.query<{ id: number }>("select id from project");
    own = { pool, studies, projectId: rows[0]?.id ?? 0 };
  });
  afterAll(async () => {
    await own?.studies.stop();
    await own?.pool.end();
  });
  const current = () => {
    if (own === undefined) throw new Error("the studies exist inside hooks and tests only");
    return own;
  };
  return {
    get connection() {
      return database.connection;
    },
    get pool() {
      return current().pool;
    },
    get studies() {
      return current().studies;
    },
    get projectId() {
      return current().projectId;
    },
    async create(spec) {
      const { studies, projectId } = current();
      const ref = { projectId, name: `study-${randomUUID()}` };
      await studies.create(studyOptions(ref, spec));
      return ref;
    },
  };
}

/** What creates a study of this name and specification, without anything that only people read. */
export function studyOptions(ref: StudyRef, spec: SpecDraft): CreateOptions {
  return {
    ...ref,
    displayName: "",
    labels: {},
    attributes: {},
    note: "",
    spec,
    allowExisting: false,
    validateOnly: false,
  };
}
