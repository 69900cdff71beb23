import pg from "pg";
import { expect, test } from "vitest";
import { createTestDatabase, useTestPostgres } from "./postgres.ts";

let builds = 0;
const template = {
  name: "support test",
  async build(_connection: unknown, url: string) {
    builds++;
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query("create table note (id int primary key)");
    await client.end();
  },
};
const database = useTestPostgres(template);

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(text);
  await client.end();
  return rows;
}

test("a test file finds its template's tables and its own rows only", async () => {
  const other = await createTestDatabase(template);
  await query(database.url, "insert into note values (1), (2)");
  expect(await query(database.url, "select id from note order by id")).toEqual([{ id: 1 }, { id: 2 }]);
  expect(await query(other.url, "select id from note")).toEqual([]);
  expect(builds).toBe(1);
  await other.drop();
  await expect(query(other.url, "select 1")).rejects.toThrow("does not exist");
});
