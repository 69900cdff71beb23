import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import { formatValue } from "../format.ts";
import { encodeValue, type Dimension } from "./spec.ts";

/** What somebody typed for a point, by parameter: a number, or the index of a choice; empty for none. */
export type PointTexts = Record<string, string>;

/** The texts that stand for a point. */
export function pointTexts(dimensions: readonly Dimension[], params: JsonObject = {}): PointTexts {
  return Object.fromEntries(
    dimensions.map((dimension) => {
      const place = encodeValue(dimension, params[dimension.name]);
      return [dimension.name, Number.isNaN(place) ? "" : String(place)];
    }),
  );
}

/** The point that texts stand for, without the parameters that are left empty. What is no number is left to the server to refuse. */
export function pointOf(dimensions: readonly Dimension[], texts: PointTexts): JsonObject {
  return Object.fromEntries(
    dimensions.flatMap((dimension) => {
      const text = (texts[dimension.name] ?? "").trim();
      return text === "" ? [] : [[dimension.name, valueOf(dimension, text)] as const];
    }),
  );
}

function valueOf({ kind, choices }: Dimension, text: string): JsonValue {
  const number = Number(text);
  if (kind === "categorical") {
    const choice = choices[number];
    return choice === undefined ? text : choice; // null is a choice
  }
  return Number.isFinite(number) ? number : text;
}

/** A choice as its own text, so that no two of them look alike but `1` and `"1"`. */
export function choiceLabel(choice: JsonValue): string {
  return typeof choice === "string" ? choice : JSON.stringify(choice);
}

/** What a parameter accepts, in a few words. */
export function domainHint({ kind, low, high, log, choices }: Dimension): string {
  if (kind === "categorical") return `One of ${choices.length}`;
  return `${formatValue(low)} to ${formatValue(high)}${log ? ", log" : ""}${kind === "integer" ? ", whole" : ""}`;
}
