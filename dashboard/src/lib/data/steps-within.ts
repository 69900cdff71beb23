import type { ProgressLine } from "./compare-studies.ts";

/** The part of a line of steps within a range; it begins with the value that holds there already. Without a range, all of it. */
export function stepsWithin(line: ProgressLine, range: readonly [number, number] | undefined): ProgressLine {
  if (range === undefined) return line;
  const [from, to] = range;
  const { x, y, end } = line;
  if (end < from) return { x: [], y: [], end };
  const before = x.findLastIndex((at) => at <= from);
  const kept = x.flatMap((at, i) => (at > from && at <= to ? [i] : []));
  return {
    x: [...(before < 0 ? [] : [from]), ...kept.map((i) => x[i]!)],
    y: [...(before < 0 ? [] : [y[before]!]), ...kept.map((i) => y[i]!)],
    end: Math.min(end, to),
  };
}
