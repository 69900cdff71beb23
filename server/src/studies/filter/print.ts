import type { Comparison, TrialField, TrialFilter, TrialOrder } from "../../store/hot/trial-query.ts";
import { isWord } from "./tokens.ts";

/** A filter as text that parses back to it: one text for all ways to write it. */
export function printFilter(filter: TrialFilter): string {
  switch (filter.kind) {
    case "and":
    case "or":
      return filter.operands.map(printOperand).join(filter.kind === "and" ? " AND " : " OR ");
    case "not":
      return `NOT ${printOperand(filter.operand)}`;
    case "state":
      return `state ${filter.operator} ${filter.state.toUpperCase()}`;
    case "comparison":
      return `${printField(filter.field)} ${filter.operator} ${printValue(filter.value)}`;
  }
}

export function printOrder(order: TrialOrder): string {
  return order.map(({ field, descending }) => `${printField(field)}${descending ? " desc" : ""}`).join(", ");
}

export function printField(field: TrialField): string {
  if (!("name" in field)) return field.kind;
  return `${field.kind}.${isWord(field.name) ? field.name : JSON.stringify(field.name)}`;
}

function printOperand(filter: TrialFilter): string {
  return filter.kind === "and" || filter.kind === "or" ? `(${printFilter(filter)})` : printFilter(filter);
}

function printValue(value: Comparison["value"]): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
