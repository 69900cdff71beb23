import type { Parameter } from "./parameter.ts";
import type { Scale } from "./scale.ts";
import { createScale } from "./create-scale.ts";

/** One coordinate of the unit cube: a parameter, its scale and its place in the forest of conditions. */
export interface Dimension extends Scale {
  readonly index: number;
  readonly name: string;
  /** Index of the dimension that decides whether this one is active; −1 when it always is. */
  readonly parent: number;
  /** Cells of the parent in which this one is active, ascending; empty when it has no parent. */
  readonly activeCells: readonly number[];
  /** Dimensions whose parent this is, ascending. */
  readonly children: readonly number[];
}

/** The dimensions of checked parameters (see checkParameters), in the order of declaration. */
export function createDimensions(parameters: readonly Parameter[]): Dimension[] {
  const scales = parameters.map((parameter) => createScale(parameter.domain));
  const indexOf = new Map(parameters.map((parameter, index) => [parameter.name, index]));
  const parents = parameters.map(({ condition }) => (condition && indexOf.get(condition.parent)) ?? -1);
  return parameters.map((parameter, index) => {
    const scale = scales[index]!;
    const parent = parents[index]!;
    const values = parent < 0 ? [] : (parameter.condition?.values ?? []);
    const cells = values.map((value) => scales[parent]!.cell(scales[parent]!.toUnit(value)));
    return {
      ...scale,
      index,
      name: parameter.name,
      parent,
      activeCells: [...new Set(cells)].sort((a, b) => a - b),
      children: parents.flatMap((other, child) => (other === index ? [child] : [])),
    };
  });
}

/** Indices ordered so that every parent comes before its children. */
export function parentsFirst(dimensions: readonly Dimension[]): number[] {
  const order: number[] = [];
  const visit = (index: number): void => {
    order.push(index);
    for (const child of dimensions[index]!.children) visit(child);
  };
  for (const { index, parent } of dimensions) if (parent < 0) visit(index);
  return order;
}
