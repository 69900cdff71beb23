import { trialStates } from "../states.ts";
import { fieldNumber, jsonMember, paramText } from "./field-sql.ts";
import type { SqlValues } from "./sql-values.ts";
import type { Comparison, ComparisonOperator, TrialFilter } from "./trial-query.ts";

/** A filter as a condition over trials `t` that is never null and cannot fail on any row. */
export function filterSql(filter: TrialFilter, sql: SqlValues): string {
  switch (filter.kind) {
    case "and":
    case "or":
      return `(${filter.operands.map((operand) => filterSql(operand, sql)).join(` ${filter.kind} `)})`;
    case "not":
      return `(not ${filterSql(filter.operand, sql)})`;
    case "state":
      return `(t.state ${sqlOperator(filter.operator)} ${sql.bind(trialStates.indexOf(filter.state), "smallint")})`;
    case "comparison":
      return comparisonSql(filter, sql);
  }
}

function comparisonSql(comparison: Comparison, sql: SqlValues): string {
  const { operator, value } = comparison;
  if (operator === "!=") return `(not ${comparisonSql({ ...comparison, operator: "=" }, sql)})`;
  if (typeof value === "number") return numberSql(comparison.field, operator, value, sql);
  if (typeof value === "string") return textSql(comparison.field, operator, value, sql);
  if (operator !== "=") return "false";
  return value === null ? missingSql(comparison.field, sql) : booleanSql(comparison.field, value, sql);
}

function numberSql(
  field: Comparison["field"],
  operator: ComparisonOperator,
  value: number,
  sql: SqlValues,
): string {
  if (!("name" in field)) {
    return field.kind === "worker" ? "false" : wholeSql(`t.${field.kind}`, operator, value, sql);
  }
  if (operator !== "=" && Number.isNaN(value)) return "false";
  const number = fieldNumber(field, sql);
  const left = number.sql("t");
  const compared = `${left} ${operator} ${sql.bind(value, number.type)}`;
  // PostgreSQL's NaN equals itself, as wanted, but is above all other numbers.
  const ordered = operator === ">" || operator === ">=" ? `${compared} and ${left} <> 'NaN'` : compared;
  return `coalesce(${ordered}, false)`;
}

/** Compares a column of whole numbers with whole numbers only, so that an index on it serves. */
function wholeSql(column: string, operator: ComparisonOperator, value: number, sql: SqlValues): string {
  if (Number.isNaN(value)) return "false";
  if (operator === "=") {
    return Number.isSafeInteger(value) ? `(${column} = ${sql.bind(value, "bigint")})` : "false";
  }
  const whole = operator === "<" || operator === ">=" ? Math.ceil(value) : Math.floor(value);
  const bound = Math.min(Math.max(whole, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
  return `(${column} ${operator} ${sql.bind(bound, "bigint")})`;
}

function textSql(
  field: Comparison["field"],
  operator: ComparisonOperator,
  value: string,
  sql: SqlValues,
): string {
  if (field.kind === "worker") return `(t.worker collate "C" ${operator} ${sql.bind(value, "text")})`;
  if (field.kind !== "params") return "false";
  const left = paramText(jsonMember("params", field.name, sql)("t"));
  return `coalesce(${left} collate "C" ${operator} ${sql.bind(value, "text")}, false)`;
}

function booleanSql(field: Comparison["field"], value: boolean, sql: SqlValues): string {
  if (field.kind !== "params") return "false";
  return `coalesce(${jsonMember("params", field.name, sql)("t")} = ${sql.bind(String(value), "jsonb")}, false)`;
}

function missingSql(field: Comparison["field"], sql: SqlValues): string {
  switch (field.kind) {
    case "number":
    case "attempt":
    case "worker":
      return "false";
    case "params":
      return `(coalesce(${jsonMember("params", field.name, sql)("t")}, 'null') = 'null')`;
    case "metrics":
    case "values":
      return `(${fieldNumber(field, sql).sql("t")} is null)`;
  }
}

function sqlOperator(operator: "=" | "!="): string {
  return operator === "=" ? "=" : "<>";
}
