import type pg from "pg";
import type { SequenceState, TableShape } from "./manifest.ts";

/** MikroORM's record of the migrations that ran. It describes the tables and is not part of the data. */
const migrationTable = "schema_migration";

/** Makes values travel as text in one way, whatever the server's and the database's settings are. */
export const portableText = [
  "set local client_encoding = 'UTF8'",
  "set local datestyle = 'ISO, YMD'",
  "set local intervalstyle = 'postgres'",
  "set local timezone = 'UTC'",
  "set local bytea_output = 'hex'",
  // Shortest text that reads back as the same double.
  "set local extra_float_digits = 1",
  // Copying takes as long as it takes.
  "set local statement_timeout = 0",
  "set local idle_in_transaction_session_timeout = 0",
].join(";");

/** Names of the migrations that ran, oldest first; none when no migration ever did. */
export async function readMigrations(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ there: boolean }>("select to_regclass($1) is not null as there", [
    migrationTable,
  ]);
  if (rows[0]?.there !== true) return [];
  const names = await client.query<{ name: string }>(`select name from ${migrationTable} order by id`);
  return names.rows.map(({ name }) => name);
}

/** All tables of the current schema with their stored columns, those that others refer to first. */
export async function readTables(client: pg.ClientBase): Promise<TableShape[]> {
  const { rows } = await client.query<TableShape & { references: string[] }>(
    `select c.relname as name,
            array(select a.attname::text from pg_attribute a
                   where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
                   order by a.attnum) as columns,
            array(select distinct r.relname::text from pg_constraint f join pg_class r on r.oid = f.confrelid
                   where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid) as references
       from pg_class c
      where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        and c.relname <> $1
        and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
      order by c.relname`,
    [migrationTable],
  );
  const ordered: TableShape[] = [];
  const visited = new Set<string>();
  const visit = (table: (typeof rows)[number]) => {
    // A circle of references ends here; its constraints must be deferrable, which the import makes use of.
    if (visited.has(table.name)) return;
    visited.add(table.name);
    for (const name of table.references) rows.filter((other) => other.name === name).forEach(visit);
    ordered.push({ name: table.name, columns: table.columns });
  };
  rows.forEach(visit);
  return ordered;
}

/** Where each sequence of the current schema stands, those of identity columns included. */
export async function readSequences(client: pg.ClientBase): Promise<SequenceState[]> {
  const { rows } = await client.query<{ name: string }>(
    `select c.relname as name from pg_class c
      where c.relnamespace = current_schema()::regnamespace and c.relkind = 'S' and c.relname <> $1
      order by c.relname`,
    [`${migrationTable}_id_seq`],
  );
  const states: SequenceState[] = [];
  for (const { name } of rows) {
    const { rows: state } = await client.query<{ last: string; called: boolean }>(
      `select last_value::text as last, is_called as called from ${client.escapeIdentifier(name)}`,
    );
    for (const { last, called } of state) states.push({ name, lastValue: last, isCalled: called });
  }
  return states;
}
