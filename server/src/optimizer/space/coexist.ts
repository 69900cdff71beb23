import type { Dimension } from "./dimension.ts";

/** Whether some point has both of two parameters: no parameter must take different values for the one and for the other to exist. */
export function coexist(dimensions: readonly Dimension[], a: number, b: number): boolean {
  const needs = conditionsOf(dimensions, a);
  return [...conditionsOf(dimensions, b)].every(([parent, cells]) => {
    const others = needs.get(parent);
    return others === undefined || cells.some((cell) => others.includes(cell));
  });
}

/** Of each ancestor of a dimension, the cells in which the dimension can exist. */
function conditionsOf(dimensions: readonly Dimension[], index: number): Map<number, readonly number[]> {
  const found = new Map<number, readonly number[]>();
  for (let at = dimensions[index]!; at.parent >= 0; at = dimensions[at.parent]!)
    found.set(at.parent, at.activeCells);
  return found;
}
