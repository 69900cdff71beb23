import { decodeValue, type Dimension } from "../data/spec.ts";
import { formatParameter, formatValue } from "../format.ts";
import { pad, type Range } from "./scales.ts";

/** The number line of a parameter with room at its ends; choices get a place of equal width each. */
export function axisDomain({ kind, low, high, log }: Dimension): [number, number] {
  return kind === "categorical" ? [low - 0.5, high + 0.5] : pad([low, high], log ? "log" : "linear", 0.03);
}

/** A part of the number line that cuts no choice in two. */
export function axisSnap({ kind }: Pick<Dimension, "kind">, [low, high]: Range): Range {
  return kind === "categorical" ? [Math.floor(low + 0.5) - 0.5, Math.ceil(high + 0.5) - 0.5] : [low, high];
}

/** A mark at each choice; undefined leaves marks on numbers to the axis. */
export function axisTicks({ kind, choices }: Dimension): number[] | undefined {
  return kind === "categorical" ? choices.map((_, index) => index) : undefined;
}

/** Writes a place on the number line. */
export function axisFormat(dimension: Dimension): (place: number) => string {
  if (dimension.kind !== "categorical") return (place) => formatValue(place, 3);
  return (place) => {
    const text = formatParameter(decodeValue(dimension, place));
    return text.length > 9 ? `${text.slice(0, 8)}…` : text;
  };
}

/** Whole numbers in a range of fewer are spread as choices are. */
const FEW = 24;

/** Values of which there are few are spread a little, always in the same way, so that equal ones do not hide each other. */
export function spreadPlace(
  { kind, low, high, log }: Pick<Dimension, "kind" | "low" | "high" | "log">,
  place: number,
  row: number,
): number {
  const isFew = kind === "integer" && !log && high - low < FEW;
  const width = kind === "categorical" ? 0.5 : isFew ? 0.36 : 0;
  return width === 0 ? place : place + width * scatter(row);
}

/** A number between -0.5 and 0.5 that looks like chance and is always the same for a row. */
export function scatter(row: number): number {
  return (Math.imul(row, 2654435761) >>> 0) / 2 ** 32 - 0.5;
}
