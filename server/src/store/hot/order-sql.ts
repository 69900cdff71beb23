import { trialStates } from "../states.ts";
import { fieldNumber, jsonMember, paramText, type TrialSql } from "./field-sql.ts";
import type { SqlType, SqlValues } from "./sql-values.ts";
import type { TrialRecord } from "./trial-row.ts";
import type { OrderKey, SortKey, TrialCursor, TrialField, TrialOrder } from "./trial-query.ts";

/** One column to sort by; never null and never NaN, so that rows have one order and `=` and `<` agree with it. */
interface Term {
  readonly sql: TrialSql;
  readonly descending: boolean;
  /** What a trial with this sort key has in the column. */
  readonly type: SqlType;
  readonly value: (key: SortKey) => string | number;
}

/** An order as SQL: `by` for ORDER BY, `after` for the rows behind a cursor. */
export interface OrderSql {
  readonly by: TrialSql;
  /** Condition over trials `t` of the study `$1`. */
  readonly after: (cursor: TrialCursor) => string;
}

export function orderSql(order: TrialOrder, sql: SqlValues): OrderSql {
  const keyed = order.map((key) => termsOf(key, sql));
  const byNumber = order.some(({ field }) => field.kind === "number");
  const last = byNumber ? [] : termsOf({ field: { kind: "number" }, descending: false }, sql);
  return {
    by: (alias) =>
      [...keyed.flat(), ...last]
        .map((term) => `${term.sql(alias)} ${term.descending ? "desc" : "asc"}`)
        .join(", "),
    after: (cursor) => {
      const places = keyed.flatMap((terms, index) =>
        terms.map((term) => ({ term, value: placeOf(term, cursor, cursor.keys[index], sql) })),
      );
      const ends = last.map((term) => ({ term, value: placeOf(term, cursor, cursor.number, sql) }));
      return [...places, ...ends].reduceRight((rest, { term, value }) => {
        const beyond = `${term.sql("t")} ${term.descending ? "<" : ">"} ${value}`;
        return rest === "" ? `(${beyond})` : `(${beyond} or (${term.sql("t")} = ${value} and ${rest}))`;
      }, "");
    },
  };
}

function placeOf(term: Term, cursor: TrialCursor, key: SortKey | undefined, sql: SqlValues): string {
  if (key !== undefined) return sql.bind(term.value(key), term.type);
  return `(select ${term.sql("c")} from trial c where c.study_id = $1 and c.number = ${sql.bind(cursor.number, "int")})`;
}

function termsOf({ field, descending }: OrderKey, sql: SqlValues): Term[] {
  switch (field.kind) {
    case "number":
    case "attempt":
    case "state":
      return [
        { sql: (alias) => `${alias}.${field.kind}`, descending, type: "bigint", value: (key) => Number(key) },
      ];
    case "worker":
      return [
        {
          sql: (alias) => `(${alias}.worker collate "C")`,
          descending,
          type: "text",
          value: (key) => String(key),
        },
      ];
    case "values":
    case "metrics": {
      const number = fieldNumber(field, sql);
      return [
        absentTerm((alias) => `(coalesce(${number.sql(alias)}, 'NaN') = 'NaN')`),
        {
          sql: (alias) => `coalesce(nullif(${number.sql(alias)}, 'NaN'), 0)`,
          descending,
          type: number.type,
          value: (key) => Number(key ?? 0),
        },
      ];
    }
    case "params":
      return paramTerms(field.name, descending, sql);
  }
}

/** A parameter's values are of several types: jsonb orders them by type, then text by code points in a column of its own. */
function paramTerms(name: string, descending: boolean, sql: SqlValues): Term[] {
  const member = jsonMember("params", name, sql);
  return [
    absentTerm((alias) => `(coalesce(${member(alias)}, 'null') = 'null')`),
    {
      sql: (alias) =>
        `(case when jsonb_typeof(${member(alias)}) = 'string' then '""' else coalesce(${member(alias)}, 'null') end)`,
      descending,
      type: "jsonb",
      value: (key) => JSON.stringify(typeof key === "string" ? "" : key),
    },
    {
      sql: (alias) => `(coalesce(${paramText(member(alias))}, '') collate "C")`,
      descending,
      type: "text",
      value: (key) => (typeof key === "string" ? key : ""),
    },
  ];
}

function absentTerm(sql: TrialSql): Term {
  return {
    sql: (alias) => `${sql(alias)}::int`,
    descending: false,
    type: "int",
    value: (key) => (key === null ? 1 : 0),
  };
}

/** The place of a trial in an order. */
export function cursorOf(trial: TrialRecord, order: TrialOrder): TrialCursor {
  return { number: trial.number, keys: order.map(({ field }) => sortKey(trial, field)) };
}

function sortKey(trial: TrialRecord, field: TrialField): SortKey {
  switch (field.kind) {
    case "number":
    case "attempt":
    case "worker":
      return trial[field.kind];
    case "state":
      return trialStates.indexOf(trial.state);
    case "params":
      return (Object.hasOwn(trial.params, field.name) ? trial.params[field.name] : null) ?? null;
    case "metrics":
      return present(Object.hasOwn(trial.metrics, field.name) ? trial.metrics[field.name] : NaN);
    case "values":
      return present(trial.values[field.index]);
  }
}

function present(number: number | undefined): number | null {
  return number === undefined || Number.isNaN(number) ? null : number;
}
