import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Migration } from "@mikro-orm/migrations";
import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { createTestDatabase } from "../../../../test/support/postgres.ts";
import { migrate } from "../migrate.ts";
import { migrations } from "../migrations/index.ts";
import { exportDatabase, restoreDatabase } from "./index.ts";

const log = { info: () => {}, warn: () => {} };

class AddColour extends Migration {
  override up(): void {
    this.addSql("alter table project add colour text");
    this.addSql("update project set colour = 'colour of ' || name");
  }
}
const laterMigrations = [...migrations, { name: "999-colour", class: AddColour }];

async function scene() {
  const directory = await mkdtemp(join(tmpdir(), "asktell-restore-"));
  const [source, target] = [await createTestDatabase(), await createTestDatabase()];
  onTestFinished(async () => {
    await source.drop();
    await target.drop();
    await rm(directory, { recursive: true });
  });
  return { archive: join(directory, "backup.tar.gz"), source: source.connection, target: target.connection };
}

async function query(connection: pg.ClientConfig, text: string): Promise<unknown[]> {
  const client = new pg.Client(connection);
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(text);
  await client.end();
  return rows;
}

test("a backup of the store's own tables is restored into an empty database", async () => {
  const { archive, source, target } = await scene();
  await migrate({ connection: source, log });
  await query(source, "insert into project (name) values ('mine')");
  await exportDatabase({ connection: source, target: archive });
  await restoreDatabase({ connection: target, source: archive, log });
  const projects = "select id, name, created_at from project order by id";
  expect(await query(target, projects)).toEqual(await query(source, projects));
  expect(
    await query(target, "insert into project (name) values ('next') returning id::int > 2 as later"),
  ).toEqual([{ later: true }]);
});

test("the rows of an earlier release's backup go through the migrations that came since", async () => {
  const { archive, source, target } = await scene();
  await migrate({ connection: source, log });
  await query(source, "insert into project (name) values ('mine')");
  await exportDatabase({ connection: source, target: archive });
  await restoreDatabase({ connection: target, source: archive, log, migrations: laterMigrations });
  expect(await query(target, "select colour from project where name = 'mine'")).toEqual([
    { colour: "colour of mine" },
  ]);
});

test("a later release's backup is refused before anything is touched", async () => {
  const { archive, source, target } = await scene();
  await migrate({ connection: source, log, migrations: laterMigrations });
  await exportDatabase({ connection: source, target: archive });
  const restore = restoreDatabase({ connection: target, source: archive, log });
  await expect(restore).rejects.toThrow("made by a newer release of asktell (999-colour)");
  expect(await query(target, "select to_regclass('project') as project")).toEqual([{ project: null }]);
});
