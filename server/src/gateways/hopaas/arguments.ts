import { type Json, type JsonObject, isObject, showJson } from "../python-json.ts";
import { unprocessable } from "../refusal.ts";

/** What becomes of one argument of an Optuna class. */
export type Rule =
  /** Goes into a field of ours, if it is a number in bounds. */
  | {
      readonly field: string;
      readonly min: number;
      readonly max: number;
      readonly isWhole?: boolean;
      /** Value that means that the argument is not given, besides null. */
      readonly unset?: string;
    }
  /** Goes into a field of ours, if it is true or false. */
  | { readonly flag: string }
  /** Changes nothing here with these values; with others it would. */
  | { readonly accepts: readonly Json[] };

/** Our fields as they are given. */
export type Options = Readonly<Record<string, number | boolean>>;

/** An Optuna class as one of our kinds. */
export interface Counterpart {
  readonly kind: string;
  readonly args: Readonly<Record<string, Rule>>;
  /** Says what is wrong with arguments that are acceptable one by one. */
  readonly check?: (options: Options) => string | undefined;
}

export const wholeNumber = (field: string, min: number, max: number = 2 ** 31 - 1): Rule => ({
  field,
  min,
  max,
  isWhole: true,
});

/**
 * Reads `{"name": "TPESampler", "args": {…}}`.
 *
 * @param what - `sampler` or `pruner`
 * @param kinds - those of ours that this server has
 * @throws GatewayRefusal 422 naming what is not accepted
 */
export function counterpartOf(
  what: string,
  given: Json,
  table: Readonly<Record<string, Counterpart>>,
  kinds: readonly string[],
): { readonly kind: string; readonly options: Options } {
  if (!isObject(given) || typeof given["name"] !== "string") {
    throw unprocessable(`hopaas_config.${what} is ${showJson(given)}: expected {"name": …, "args": {…}}`);
  }
  const { name, args = null } = given as JsonObject & { readonly name: string };
  const found = Object.hasOwn(table, name) ? table[name] : undefined;
  const known = Object.keys(table).filter((key) => kinds.includes(table[key]?.kind ?? ""));
  if (found === undefined || !kinds.includes(found.kind)) {
    const why = found === undefined ? "is not known here" : "is not available on this server";
    throw unprocessable(
      `the ${what} ${JSON.stringify(name.slice(0, 100))} ${why}: expected one of ${known.join(", ")}`,
    );
  }
  if (args !== null && !isObject(args)) {
    throw unprocessable(`${name}: args is ${showJson(args)}: expected an object`);
  }
  const options = Object.entries(args ?? {}).flatMap(([arg, value]) => {
    const option = optionOf(`${name}: ${arg}`, found.args, arg, value);
    return option === undefined ? [] : [option];
  });
  const result = Object.fromEntries(options);
  const problem = found.check?.(result);
  if (problem !== undefined) throw unprocessable(`${name}: ${problem}`);
  return { kind: found.kind, options: result };
}

function optionOf(
  at: string,
  rules: Counterpart["args"],
  arg: string,
  value: Json,
): readonly [string, number | boolean] | undefined {
  const rule = Object.hasOwn(rules, arg) ? rules[arg] : undefined;
  if (rule === undefined) {
    const known = Object.keys(rules).join(", ") || "none";
    throw unprocessable(`${at} is no argument known here: expected ${known}`);
  }
  if ("accepts" in rule) {
    if (rule.accepts.includes(value)) return undefined;
    const accepted = rule.accepts.map(showJson).join(" or ");
    throw unprocessable(`${at} is ${showJson(value)}: only ${accepted} is available here`);
  }
  if (value === null) return undefined;
  if ("flag" in rule) {
    if (typeof value === "boolean") return [rule.flag, value];
    throw unprocessable(`${at} is ${showJson(value)}: expected true or false`);
  }
  if (value === rule.unset) return undefined;
  const { field, min, max, isWhole = false } = rule;
  const isGood =
    typeof value === "number" && value >= min && value <= max && (!isWhole || Number.isInteger(value));
  if (isGood) return [field, value];
  const range = min === -Number.MAX_VALUE ? "" : ` from ${min} to ${max}`;
  throw unprocessable(
    `${at} is ${showJson(value)}: expected ${isWhole ? "a whole number" : "a number"}${range}`,
  );
}
