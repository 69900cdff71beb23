import type { Point } from "./point.ts";
import type { Dimension } from "./dimension.ts";

/**
 * Counts the points of a space without listing them. The conditions make the dimensions a forest: a cell of a
 * dimension carries as many points as its active children's counts multiplied.
 *
 * `fixed` restricts the count to points that have these coordinates (NaN is free); a fixed child rules out the
 * cells of its parent in which it would be inactive.
 */
export interface Enumeration {
  /** How many points there are; Infinity when continuous or beyond 2^53. */
  readonly size: number;
  /** Position of a canonical point, from 0; −1 when it does not have the fixed coordinates. Needs a finite size. */
  rank(point: Point): number;
  /** The canonical point at a position. Needs a finite size. */
  unrank(rank: number): Point;
}

/** One dimension's cells in blocks of equal content: those named by a condition one by one, all others together. */
interface Block {
  /** The cell; −1 stands for all cells that no condition names. */
  readonly cell: number;
  readonly cells: number;
  /** Points below one cell of the block. */
  readonly inner: number;
  readonly children: readonly number[];
}

export function enumerate(dimensions: readonly Dimension[], fixed?: Point): Enumeration {
  const blocks: (readonly Block[])[] = [];
  const sizes: number[] = [];
  const isFixed = (index: number): boolean => fixed !== undefined && !Number.isNaN(fixed[index]!);
  const holdsFixed = (index: number): boolean =>
    isFixed(index) || dimensions[index]!.children.some((child) => holdsFixed(child));

  const named = (dimension: Dimension): number[] => {
    const cells = dimension.children.flatMap((child) => dimensions[child]!.activeCells);
    return [...new Set(cells)].sort((a, b) => a - b);
  };
  const block = (dimension: Dimension, cell: number, cells: number): Block => {
    const isActive = (child: number): boolean => dimensions[child]!.activeCells.includes(cell);
    const children = dimension.children.filter(isActive);
    const contradicts = dimension.children.some((child) => !isActive(child) && holdsFixed(child));
    return {
      cell,
      cells,
      children,
      inner: contradicts ? 0 : product(children.map((child) => sizes[child]!)),
    };
  };
  const visit = (index: number): void => {
    const dimension = dimensions[index]!;
    dimension.children.forEach(visit);
    const cells = named(dimension);
    if (isFixed(index)) {
      const cell = dimension.cell(fixed![index]!);
      blocks[index] = [block(dimension, cell, 1)];
    } else {
      const rest = dimension.cells - cells.length;
      blocks[index] = cells.map((cell) => block(dimension, cell, 1));
      if (rest > 0) blocks[index] = [...blocks[index], block(dimension, -1, rest)];
    }
    sizes[index] = cap(blocks[index].reduce((sum, { cells: many, inner }) => sum + times(many, inner), 0));
  };
  const roots = dimensions.filter((dimension) => dimension.parent < 0).map(({ index }) => index);
  roots.forEach(visit);

  const rankOf = (index: number, point: Point): number => {
    const dimension = dimensions[index]!;
    const cell = dimension.cell(point[index]!);
    if (isFixed(index) && point[index] !== fixed![index]) return -1;
    let offset = 0;
    let before = 0; // named cells below this one: the others close the gaps they leave
    for (const { cell: own, cells, inner, children } of blocks[index]!) {
      if (own === cell || own < 0) {
        const inside = inner === 0 ? -1 : rankAll(children, point);
        if (inside < 0) return -1;
        return offset + (own < 0 ? cell - before : 0) * inner + inside;
      }
      if (own < cell) before++;
      offset += cells * inner;
    }
    return -1;
  };
  const rankAll = (indices: readonly number[], point: Point): number => {
    let rank = 0;
    for (const index of indices) {
      const own = rankOf(index, point);
      if (own < 0) return -1;
      rank = rank * sizes[index]! + own;
    }
    return rank;
  };
  const place = (index: number, rank: number, point: Point): void => {
    const dimension = dimensions[index]!;
    let rest = rank;
    for (const { cell: own, cells, inner, children } of blocks[index]!) {
      if (rest >= cells * inner) {
        rest -= cells * inner;
        continue;
      }
      let cell = own < 0 ? Math.floor(rest / inner) : own;
      if (own < 0) for (const skipped of named(dimension)) if (skipped <= cell) cell++;
      point[index] = isFixed(index) ? fixed![index]! : dimension.centre(cell);
      placeAll(children, rest % inner, point);
      return;
    }
  };
  const placeAll = (indices: readonly number[], rank: number, point: Point): void => {
    let rest = rank;
    for (const index of [...indices].reverse()) {
      place(index, rest % sizes[index]!, point);
      rest = Math.floor(rest / sizes[index]!);
    }
  };
  return {
    size: product(roots.map((root) => sizes[root]!)),
    rank: (point) => rankAll(roots, point),
    unrank(rank) {
      const point = new Float64Array(dimensions.length).fill(NaN);
      placeAll(roots, rank, point);
      return point;
    },
  };
}

/**
 * Cells of a dimension in which all fixed coordinates below it are active, ascending: empty when they exclude one
 * another, undefined when there are none below it.
 */
export function cellsFor(
  dimensions: readonly Dimension[],
  index: number,
  fixed: Point,
): number[] | undefined {
  const holdsFixed = (at: number): boolean =>
    !Number.isNaN(fixed[at]!) || dimensions[at]!.children.some((child) => holdsFixed(child));
  const needed = dimensions[index]!.children.filter((child) => holdsFixed(child));
  const [first, ...others] = needed.map((child) => dimensions[child]!.activeCells);
  return first?.filter((cell) => others.every((cells) => cells.includes(cell)));
}

const cap = (count: number): number => (count > Number.MAX_SAFE_INTEGER ? Infinity : count);
/** Nothing times endlessly many is nothing. */
const times = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : cap(a * b));
const product = (counts: readonly number[]): number => counts.reduce(times, 1);
