import type { Pool } from "pg";
import { afterAll, beforeAll } from "vitest";
import { migrate } from "../../server/src/store/migrate.ts";
import { createPool } from "../../server/src/store/pool.ts";
import { type CallOptions, call } from "../chaos/api.ts";
import { type Replica, createTestToken, startReplica } from "../chaos/replica.ts";
import { useTestPostgres } from "../support/postgres.ts";

/** Several servers over one database, for the tests of a file. */
export interface ReplicaSet {
  readonly replicas: readonly Replica[];
  readonly token: string;
  /** Looks into the tables. */
  readonly pool: Pool;
  readonly databaseUrl: string;
  /** A call in Connect's JSON to one of them. */
  call<Answer = Json>(
    replica: number,
    method: string,
    message: object,
    options?: CallOptions,
  ): Promise<Answer>;
  /** Creates a study over two parameters with the fields given; answers its name, which no other study has. */
  createStudy(fields?: object): Promise<string>;
}

export type Json = Readonly<Record<string, unknown>>;

/** Starting servers takes a while on a busy machine, ms. */
export const startMs = 600_000;

const silent = { info: () => {}, warn: () => {} };

export function useReplicas(count: number): ReplicaSet {
  const database = useTestPostgres({
    name: "migrated",
    build: async (connection) => void (await migrate({ connection, log: silent })),
  });
  let replicas: Replica[] = [];
  let token = "";
  let pool: Pool | undefined;
  let names = 0;

  beforeAll(async () => {
    pool = createPool(database.connection, { max: 4 });
    const starting = Array.from({ length: count }, () => startReplica(database.url));
    const settled = await Promise.allSettled(starting);
    replicas = settled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    await Promise.all(starting);
    token = await createTestToken(database.url);
  }, startMs);

  afterAll(async () => {
    await Promise.all(replicas.map((replica) => replica.stop()));
    await pool?.end();
  }, startMs);

  const set: ReplicaSet = {
    get replicas() {
      return replicas;
    },
    get token() {
      return token;
    },
    get pool() {
      if (pool === undefined) throw new Error("the database exists inside hooks and tests only");
      return pool;
    },
    get databaseUrl() {
      return database.url;
    },
    call: (replica, method, message, options) =>
      call(replicas[replica]?.url ?? "", token, method, message, { timeoutMs: 120_000, ...options }),
    async createStudy(fields = {}) {
      const studyId = `study-${++names}`;
      const parameters = [
        { name: "lr", real: { low: 1e-5, high: 0.1, log: true } },
        { name: "layers", integer: { low: 1, high: 1_000 } },
      ];
      await set.call(0, "StudyService/CreateStudy", { studyId, study: { parameters, seed: 7, ...fields } });
      return studyId;
    },
  };
  return set;
}
