import type { Domain, ParameterValue } from "../optimizer/space/parameter.ts";

/** JSON of a number that Python should read as a float: 1 as `1.0`; null for what JSON cannot say. */
export function floatJson(value: number): string {
  if (!Number.isFinite(value)) return "null";
  const text = JSON.stringify(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/** JSON of a parameter's value, as Python tells the types apart: reals have a decimal point, integers have none. */
export function valueJson({ kind }: Pick<Domain, "kind">, value: ParameterValue): string {
  return kind === "real" && typeof value === "number" ? floatJson(value) : JSON.stringify(value);
}
