import { expect, test } from "vitest";
import { useTestPostgres } from "../../../test/support/postgres.ts";
import { closePool, createPool } from "./pool.ts";

const database = useTestPostgres();

async function value(expression: string, parameter?: unknown): Promise<unknown> {
  const pool = createPool(database.connection);
  const { rows } = await pool.query<{ value: unknown }>(
    `select ${expression} as value`,
    parameter === undefined ? [] : [parameter],
  );
  await closePool(pool);
  return rows[0]?.value;
}

test("an int8 is a number while that is exact, and a bigint beyond", async () => {
  expect(await value("9007199254740991::int8")).toBe(9007199254740991);
  expect(await value("(-9007199254740991)::int8")).toBe(-9007199254740991);
  expect(await value("9007199254740993::int8")).toBe(9007199254740993n);
  expect(await value("(select count(*) from generate_series(1, 3))")).toBe(3);
});

test("an array of int8 keeps its nulls and its depth", async () => {
  expect(await value("array[[1, null], [9007199254740993, -2]]::int8[]")).toEqual([
    [1, null],
    [9007199254740993n, -2],
  ]);
});

test("every double comes back as it went, alone and in an array", async () => {
  const doubles = [0.1, -2.5, 5e-324, 1.7976931348623157e308, Number.NaN, Infinity, -Infinity];
  for (const double of doubles) expect(await value("$1::float8", double)).toBe(double);
  expect(await value("$1::float8[]", doubles)).toEqual(doubles);
});

test("a timestamp with time zone is a Date, a day is text, and JSON is parsed", async () => {
  expect(await value("timestamptz '2026-11-22 06:00:00.123+02'")).toEqual(
    new Date("2026-11-22T04:00:00.123Z"),
  );
  expect(await value("date '2026-11-22'")).toBe("2026-11-22");
  expect(await value(`'{"lr": 0.5}'::jsonb`)).toEqual({ lr: 0.5 });
});
