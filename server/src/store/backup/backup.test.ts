import { mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestDatabase, createTestDatabase } from "../../../../test/support/postgres.ts";
import { exportDatabase, importDatabase, readManifest } from "./index.ts";

let directory: string;
let source: TestDatabase;
let target: TestDatabase;
let archive: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "asktell-backup-"));
  archive = join(directory, "backup.tar.gz");
  source = await createTestDatabase();
  target = await createTestDatabase();
});
afterEach(async () => {
  await source.drop();
  await target.drop();
  await rm(directory, { recursive: true });
});

async function run(database: TestDatabase, ...statements: string[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ ...database.connection });
  await client.connect();
  let rows: Record<string, unknown>[] = [];
  try {
    for (const statement of statements) rows = (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
  return rows;
}

/** Names chosen so that neither the alphabet nor the order of creation is an order in which they can be filled. */
const schema = [
  "create table schema_migration (id int primary key, name text)",
  "insert into schema_migration values (1, 'one'), (2, 'two')",
  `create table zoo (id bigint generated always as identity primary key, "Name" text unique, boss bigint references zoo)`,
  "create table animal (id int primary key, zoo bigint not null references zoo, twice int generated always as (id * 2) stored)",
  "create table project (id int primary key, name text)",
  `create table sample (id int primary key, doubles float8[], json jsonb, bytes bytea, at timestamptz, day date,
     span interval, note text, flag boolean)`,
  "create table part (k int, v text, primary key (k)) partition by hash (k)",
  "create table part_0 partition of part for values with (modulus 2, remainder 0)",
  "create table part_1 partition of part for values with (modulus 2, remainder 1)",
  "create table empty_one (id int)",
  "create sequence counter start 5",
];
const tables = ["zoo", "animal", "project", "sample", "part", "empty_one"];

async function fill(database: TestDatabase): Promise<void> {
  await run(
    database,
    // The first row refers to a later one.
    `insert into zoo overriding system value values (101, E'tab\\tnew\\nline back\\\\slash \\u00e9', 102), (102, '\\N', null)`,
    "insert into zoo (\"Name\") select 'zoo ' || i from generate_series(1, 50) i",
    "insert into animal select i, 101 from generate_series(1, 1000) i",
    "insert into project values (7, 'default'), (8, 'mine')",
    `insert into sample values
       (1, array['NaN', 'Infinity', '-Infinity', 0.1, 5e-324, 1.7976931348623157e308, null, '-0']::float8[],
        '{"a": [1, null, "\\u00e9\\n"], "b": 1e-400}', '\\x00ff5c0a09', '2026-11-22 06:00:00.123456+02', '2026-02-28',
        '1 mon 3 days -04:05:06', '', true),
       (2, '{}', 'null', '', 'infinity', '-infinity', null, null, null)`,
    "insert into part select i, repeat('x', i) from generate_series(1, 100) i",
    "select nextval('counter'), nextval('counter')",
  );
}

/** A fingerprint of every value of every row. */
async function fingerprint(database: TestDatabase): Promise<unknown> {
  const sums = tables.map(
    (table) =>
      `(select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') from ${table} t)`,
  );
  return await run(database, `select ${sums.map((sum, i) => `${sum} as ${tables[i]}`).join(", ")}`);
}

test("every value of every table comes back, and sequences go on where they stood", async () => {
  await run(source, ...schema);
  await fill(source);
  await run(target, ...schema, "insert into project values (1, 'default')");
  const done: Record<string, number> = {};
  await exportDatabase({
    connection: source.connection,
    target: archive,
    onProgress: ({ table, rows }) => (done[table] = rows),
  });
  expect(done).toEqual({ zoo: 52, animal: 1000, project: 2, sample: 2, part: 100, empty_one: 0 });
  await importDatabase({ connection: target.connection, source: archive });

  expect(await fingerprint(target)).toEqual(await fingerprint(source));
  // The identity had given 50 numbers.
  expect(await run(target, `insert into zoo ("Name") values ('next') returning id`)).toEqual([{ id: "51" }]);
  expect(await run(target, "select nextval('counter')")).toEqual([{ nextval: "7" }]);
});

test("the settings of the two servers do not change what arrives", async () => {
  await run(source, ...schema);
  await fill(source);
  await run(target, ...schema);
  const name = (database: TestDatabase) => database.connection.database;
  for (const setting of ["datestyle = 'SQL, DMY'", "intervalstyle = 'iso_8601'", "timezone = 'Asia/Tokyo'"]) {
    await run(source, `alter database ${name(source)} set ${setting}`);
  }
  await run(source, `alter database ${name(source)} set bytea_output = 'escape'`);
  await run(source, `alter database ${name(source)} set extra_float_digits = -3`);
  await exportDatabase({ connection: source.connection, target: archive });
  await importDatabase({ connection: target.connection, source: archive });
  const compare =
    "select doubles, bytes, extract(epoch from at) as at, day - date '2000-01-01' as day, span = '1 mon 3 days -04:05:06' as span from sample where id = 1";
  expect(await run(target, `set extra_float_digits = 1`, compare)).toEqual(
    await run(source, `set extra_float_digits = 1`, compare),
  );
});

test("the archive is for its owner alone, tells what it holds, and overwrites nothing", async () => {
  await run(source, ...schema);
  await exportDatabase({ connection: source.connection, target: archive });
  expect((await stat(archive)).mode & 0o777).toBe(0o600);
  expect(await readdir(directory)).toEqual(["backup.tar.gz"]);
  expect(await readManifest(archive)).toMatchObject({
    migrations: ["one", "two"],
    tables: [
      { name: "zoo", columns: ["id", "Name", "boss"] },
      { name: "animal", columns: ["id", "zoo"] },
      { name: "empty_one" },
      { name: "part" },
      { name: "project" },
      { name: "sample" },
    ],
  });
  const again = exportDatabase({ connection: source.connection, target: archive });
  await expect(again).rejects.toThrow("exists already");
});

test("an export that fails leaves no file", async () => {
  await run(source, ...schema);
  await fill(source);
  const ended = exportDatabase({
    connection: source.connection,
    target: archive,
    onProgress: () => {
      throw new Error("enough");
    },
  });
  await expect(ended).rejects.toThrow("enough");
  const nowhere = exportDatabase({
    connection: source.connection,
    target: join(directory, "missing", "x.tar.gz"),
  });
  await expect(nowhere).rejects.toThrow("ENOENT");
  expect(await readdir(directory)).toEqual([]);
});

test("a backup under load holds all that was acknowledged before it, and of each writer a prefix", async () => {
  const create = "create table entry (writer int, number int, filler text, primary key (writer, number))";
  await run(source, create);
  await run(target, create);
  await run(source, "insert into entry select 99, i, repeat('x', 1000) from generate_series(1, 20000) i");
  const acknowledged = [0, 0, 0, 0];
  let writing = true;
  const writers = acknowledged.map(async (_, writer) => {
    const client = new pg.Client({ ...source.connection });
    await client.connect();
    while (writing) {
      await client.query("insert into entry values ($1, $2, 'x')", [writer, (acknowledged[writer] ?? 0) + 1]);
      acknowledged[writer] = (acknowledged[writer] ?? 0) + 1;
    }
    await client.end();
  });
  await expect.poll(() => Math.min(...acknowledged)).toBeGreaterThan(10);
  const before = [...acknowledged];
  await exportDatabase({ connection: source.connection, target: archive });
  const after = [...acknowledged];
  writing = false;
  await Promise.all(writers);
  await importDatabase({ connection: target.connection, source: archive });

  const rows = await run(
    target,
    "select writer, count(*)::int as count, max(number)::int as last from entry where writer < 99 group by writer order by writer",
  );
  expect(rows.map(({ writer }) => writer)).toEqual([0, 1, 2, 3]);
  for (const [writer, { count, last }] of rows.entries()) {
    expect(count).toBe(last);
    expect(last).toBeGreaterThanOrEqual(before[writer] ?? 0);
    // There was load while it was taken, and what came after the snapshot is not in it.
    expect(after[writer]).toBeGreaterThan(Number(last));
  }
});

test("a database that has rows, other migrations or other tables is refused and left as it was", async () => {
  await run(source, ...schema);
  await fill(source);
  await exportDatabase({ connection: source.connection, target: archive });
  const restore = () => importDatabase({ connection: target.connection, source: archive });

  await expect(restore()).rejects.toThrow("had (none): restore into a new database");
  await run(
    target,
    ...schema,
    "insert into empty_one values (1)",
    "insert into project values (1, 'default')",
  );
  await expect(restore()).rejects.toThrow("the table empty_one has rows");
  expect(await run(target, "select id from project")).toEqual([{ id: 1 }]);
  await run(target, "truncate empty_one", "insert into schema_migration values (3, 'three')");
  await expect(restore()).rejects.toThrow(
    "after the migrations one, two, and the database has had one, two, three",
  );
  await run(target, "delete from schema_migration where id = 3", "alter table empty_one add extra int");
  await expect(restore()).rejects.toThrow("not those of the backup");
  await run(target, "alter table empty_one drop extra");
  await expect(restore()).resolves.toMatchObject({ format: "asktell-backup" });
});

test("an archive that is cut off, damaged or something else changes nothing", async () => {
  await run(source, ...schema);
  await fill(source);
  await run(
    source,
    "insert into sample select i, null, null, decode(md5(i::text), 'hex') from generate_series(10, 20000) i",
  );
  await exportDatabase({ connection: source.connection, target: archive });
  await run(target, ...schema);
  const bytes = await readFile(archive);
  const broken = join(directory, "broken.tar.gz");
  const restore = async (content: Buffer) => {
    await writeFile(broken, content);
    await importDatabase({ connection: target.connection, source: broken });
  };
  for (const length of [0, 10, 700, bytes.length >> 1, bytes.length - 20, bytes.length - 4]) {
    await expect(restore(bytes.subarray(0, length)), `first ${length} bytes`).rejects.toThrow(
      /incomplete|empty/,
    );
  }
  const damaged = Buffer.from(bytes);
  damaged.fill(0xaa, bytes.length >> 1, (bytes.length >> 1) + 64);
  await expect(restore(damaged)).rejects.toThrow("the rows of sample cannot be imported");
  await expect(restore(Buffer.from("hello"))).rejects.toThrow("no backup");
  expect(
    await run(target, "select (select count(*) from zoo) + (select count(*) from sample) as rows"),
  ).toEqual([{ rows: "0" }]);
});
