import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Migration } from "@mikro-orm/migrations";
import { Client } from "pg";
import { expect, test } from "vitest";
import { type TestDatabase, createTestDatabase } from "../../../test/support/postgres.ts";
import { migrate } from "./migrate.ts";
import { migrations } from "./migrations/index.ts";
import { changesSince } from "./hot/changes.ts";
import { readMeasurements } from "./hot/trials.ts";
import { createOrm } from "./orm.ts";
import { createPool } from "./pool.ts";

const log = { info: () => {}, warn: () => {} };
const allNames = migrations.map(({ name }) => name);

class BuildIndexConcurrently extends Migration {
  override isTransactional(): boolean {
    return false;
  }
  override up(): void {
    this.addSql("create index concurrently if not exists trial_worker on trial (worker)");
  }
}

class Fail extends Migration {
  override up(): void {
    this.addSql("create table half_done (id int)");
    this.addSql("select 1 / 0");
  }
}

async function withEmptyDatabase(use: (database: TestDatabase) => Promise<void>): Promise<void> {
  const database = await createTestDatabase();
  try {
    await use(database);
  } finally {
    await database.drop();
  }
}

async function query<Row extends object>(database: TestDatabase, text: string): Promise<Row[]> {
  const client = new Client({ ...database.connection });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

/** Migrates in a process of its own, as a replica does; answers the names of the migrations that it ran. */
async function migrateInProcess(database: TestDatabase): Promise<string[]> {
  const module = new URL("./migrate.ts", import.meta.url).href;
  const code = `import { migrate } from ${JSON.stringify(module)};
    const log = { info: () => {}, warn: () => {} };
    console.log(JSON.stringify(await migrate({ connection: ${JSON.stringify(database.connection)}, log })));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", code]);
  return JSON.parse(stdout) as string[];
}

test("three replicas that boot together migrate once and all start", async () => {
  await withEmptyDatabase(async (database) => {
    const ran = await Promise.all([1, 2, 3].map(() => migrateInProcess(database)));
    expect(ran.flat()).toEqual(allNames);
    expect(await query(database, "select name from project")).toEqual([{ name: "default" }]);
  });
});

test("replicas that boot together pass a migration that builds an index concurrently", async () => {
  await withEmptyDatabase(async ({ connection, ...rest }) => {
    const list = [...migrations, { name: "002-index", class: BuildIndexConcurrently }];
    const boot = () => migrate({ connection, log, migrations: list });
    const ran = await Promise.all([boot(), boot(), boot()]);
    expect(ran.flat()).toEqual([...allNames, "002-index"]);
    const index = "select indisvalid from pg_index where indexrelid = 'trial_worker'::regclass";
    expect(await query({ connection, ...rest }, index)).toEqual([{ indisvalid: true }]);
  });
});

test("migrating a migrated database runs nothing", async () => {
  await withEmptyDatabase(async ({ connection }) => {
    expect(await migrate({ connection, log })).toEqual(allNames);
    expect(await migrate({ connection, log })).toEqual([]);
  });
});

test("the entities and the migrated schema are the same", async () => {
  await withEmptyDatabase(async ({ connection }) => {
    await migrate({ connection, log });
    const orm = await createOrm({ connection });
    expect(await orm.schema.getUpdateSchemaSQL({ wrap: false })).toBe("");
    await orm.close();
  });
});

test("a schema that a newer release wrote is refused by name", async () => {
  await withEmptyDatabase(async (database) => {
    await migrate({ connection: database.connection, log });
    await query(database, "insert into schema_migration (name) values ('999-later')");
    await expect(migrate({ connection: database.connection, log })).rejects.toThrow(
      new RegExp(`newer asktell \\(999-later\\).* up to ${allNames.at(-1)}`),
    );
  });
});

test("a migration that fails leaves nothing of itself, keeps those before it, and can be run again", async () => {
  await withEmptyDatabase(async (database) => {
    const { connection } = database;
    const list = [...migrations, { name: "002-fail", class: Fail }];
    await expect(migrate({ connection, log, migrations: list })).rejects.toThrow("division by zero");
    const found = "select to_regclass('half_done') as half, to_regclass('trial') is not null as trial";
    expect(await query(database, found)).toEqual([{ half: null, trial: true }]);
    expect(await migrate({ connection, log })).toEqual([]);
  });
});

test("the database refuses a token that is valid for less than a day or more than a year", async () => {
  await withEmptyDatabase(async (database) => {
    await migrate({ connection: database.connection, log });
    const insert = (validity: string) =>
      query(
        database,
        `insert into api_token (project_id, display_name, hint, hash, scope, expires_at)
         select id, 't', 'at_1', sha256('${validity}'), 1, now() + interval '${validity}' from project`,
      );
    await insert("24 hours");
    await insert("365 days");
    await expect(insert("23 hours")).rejects.toThrow("api_token_validity_check");
    await expect(insert("367 days")).rejects.toThrow("api_token_validity_check");
  });
});

test("the reports of trials that run while their tables change are all kept", async () => {
  await withEmptyDatabase(async (database) => {
    const { connection } = database;
    const former = migrations.findIndex(({ name }) => name === "007-curve-parts");
    await migrate({ connection, log, migrations: migrations.slice(0, former) });
    await query(
      database,
      `insert into study_clock (study_id, state, spec_version, max_attempts, goal) values (1, 1, 1, 3, 0);
       insert into trial (study_id, number, state, attempt, seq, params, worker, sampler, reason, history_seq, spec_version)
         values (1, 0, 2, 2, 1, '{}', 'w', '', '', 0, 1);
       insert into running (study_id, number, attempt, worker, lease_seconds, lease_expires_at, reports)
         values (1, 0, 2, 'w', 600, now() + interval '10 min', 3);
       insert into intermediate (study_id, number, attempt, step, "values", metrics) values
         (1, 0, 1, 1, '{9,9}', null), (1, 0, 2, 1, '{0.5,1}', null), (1, 0, 2, 3, '{0.25,2}', '{"lr": 0.1}'), (1, 0, 2, 2, '{0.375,3}', null)`,
    );
    await migrate({ connection, log });
    const pool = createPool(connection);
    try {
      const measurements = (await readMeasurements(pool, 1, [0])).get(0);
      expect(measurements?.map(({ step, values, metrics }) => ({ step, values, metrics }))).toEqual([
        { step: 1, values: [0.5, 1], metrics: {} },
        { step: 2, values: [0.375, 3], metrics: {} },
        { step: 3, values: [0.25, 2], metrics: { lr: 0.1 } },
      ]);
      const [lease] = await query(database, "select kept, parted from running");
      expect(lease).toEqual({ kept: 3, parted: 3 });
    } finally {
      await pool.end();
    }
  });
});

test("the changes of trials from before there was a log of them are in it", async () => {
  await withEmptyDatabase(async (database) => {
    const { connection } = database;
    const former = migrations.findIndex(({ name }) => name === "008-change-log");
    await migrate({ connection, log, migrations: migrations.slice(0, former) });
    await query(
      database,
      `insert into study_clock (study_id, state, spec_version, max_attempts, goal, next_number, change_seq) values
         (1, 1, 1, 3, 0, 2500, 5000), (2, 1, 1, 3, 0, 0, 1);
       insert into trial (study_id, number, state, seq, params, spec_version)
         select 1, n, 1, 5000 - 2 * n, '{}', 1 from generate_series(0, 2499) n`,
    );
    await migrate({ connection, log });
    const pool = createPool(connection);
    try {
      const since = async (revision: number, limit: number) =>
        (await changesSince(pool, 1, revision, 0, limit, [])).map(({ number, revision: seq }) => [
          number,
          seq,
        ]);
      const all = Array.from({ length: 2_500 }, (_, index) => [2_499 - index, 2 + 2 * index]);
      expect(await since(0, 5_000)).toEqual(all);
      expect(await since(1_999, 3)).toEqual(all.slice(999, 1_002));
      expect(await since(5_000, 5_000)).toEqual([]);
      expect(await query(database, "select count(*)::int as rows from trial_change")).toEqual([{ rows: 3 }]);
    } finally {
      await pool.end();
    }
  });
});
