import type { SqlValues } from "./sql-values.ts";
import type { TrialField } from "./trial-query.ts";

/** SQL expressions over the table or alias of trials that they are given. */
export type TrialSql = (alias: string) => string;

/** A member of a JSON column; SQL null when it is missing. */
export function jsonMember(
  column: "params" | "metrics",
  name: string,
  sql: Pick<SqlValues, "bind">,
): TrialSql {
  const bound = sql.bind(name, "text");
  return (alias) => `(${alias}.${column}->${bound})`;
}

/** The text of a parameter; SQL null when it is missing or no text. */
export function paramText(member: string): string {
  return `(case jsonb_typeof(${member}) when 'string' then ${member} #>> '{}' end)`;
}

/**
 * The number in a field, NaN included; SQL null when it is missing or no number. JSON numbers become `numeric`, not `float8`:
 * that cast never fails and is several times faster, and the shortest decimal texts of doubles sort as the doubles do.
 */
export function fieldNumber(
  field: Extract<TrialField, { kind: "params" | "metrics" | "values" }>,
  sql: Pick<SqlValues, "bind">,
): { readonly type: "numeric" | "float8"; readonly sql: TrialSql } {
  if (field.kind === "values") {
    const index = sql.bind(field.index + 1, "int");
    return { type: "float8", sql: (alias) => `${alias}."values"[${index}]` };
  }
  const memberOf = jsonMember(field.kind, field.name, sql);
  if (field.kind === "params") {
    return {
      type: "numeric",
      sql: (alias) =>
        `(case jsonb_typeof(${memberOf(alias)}) when 'number' then ${memberOf(alias)}::numeric end)`,
    };
  }
  return {
    type: "numeric",
    sql: (alias) => {
      const member = memberOf(alias);
      return (
        `(case jsonb_typeof(${member}) when 'number' then ${member}::numeric when 'string' then case ${member} #>> '{}' ` +
        `when 'NaN' then numeric 'NaN' when 'Infinity' then numeric 'Infinity' when '-Infinity' then numeric '-Infinity' end end)`
      );
    },
  };
}
