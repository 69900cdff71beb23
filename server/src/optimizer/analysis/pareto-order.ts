import { paretoFront } from "./pareto.ts";

/**
 * The best `size` of some items with several losses, best first: by non-domination rank (Deb et al., NSGA-II, 2002);
 * a rank that does not fit whole is thinned so that the chosen lie far apart, its extremes first. Equal losses share a
 * rank. Independent of the order of `items`, which need to be different; no loss is NaN.
 */
export function paretoOrder(
  items: readonly number[],
  lossesOf: (item: number) => readonly number[],
  size: number,
): number[] {
  const losses = new Map(items.map((item) => [item, lossesOf(item)]));
  const at = (item: number): readonly number[] => losses.get(item)!;
  // Equals stand on a front in the order of these.
  let rest = items.toSorted((a, b) => a - b);
  const chosen: number[] = [];
  while (chosen.length < size && rest.length > 0) {
    const front = frontOf(rest, at);
    const room = size - chosen.length;
    chosen.push(...(front.length <= room ? front : spread(front, at, room)));
    const taken = new Set(front);
    rest = rest.filter((item) => !taken.has(item));
  }
  return chosen;
}

/** Those that none of the others dominates, in lexicographic order. */
function frontOf(items: readonly number[], at: (item: number) => readonly number[]): number[] {
  const width = at(items[0]!).length;
  const values = new Float64Array(items.length * width);
  items.forEach((item, row) => values.set(at(item), row * width));
  const goals = Array.from({ length: width }, () => 1 as const);
  return Array.from(paretoFront(values, goals), (row) => items[row]!);
}

/** `count` items of a front: the best in each loss, then again and again the one farthest from all chosen ones. */
function spread(front: readonly number[], at: (item: number) => readonly number[], count: number): number[] {
  const width = at(front[0]!).length;
  const scaled = front.map((item) => [...at(item)]);
  for (let i = 0; i < width; i++) {
    const finite = scaled.map((row) => row[i]!).filter(Number.isFinite);
    const low = finite.reduce((least, loss) => Math.min(least, loss), Infinity);
    const range = finite.reduce((most, loss) => Math.max(most, loss), -Infinity) - low || 1;
    // An infinite loss stands one range beyond the finite ones.
    for (const row of scaled)
      row[i] = Number.isFinite(row[i]!) ? (row[i]! - low) / range : row[i]! < 0 ? -1 : 2;
  }
  const chosen = new Set<number>();
  const nearest = new Float64Array(front.length).fill(Infinity);
  const choose = (position: number): void => {
    chosen.add(position);
    for (let other = 0; other < front.length; other++) {
      let distance = 0;
      for (let i = 0; i < width; i++) distance += (scaled[other]![i]! - scaled[position]![i]!) ** 2;
      nearest[other] = Math.min(nearest[other]!, distance);
    }
  };
  const positions = front.map((_, position) => position);
  for (let i = 0; i < width && chosen.size < count; i++) {
    choose(
      positions.reduce((best, position) => (scaled[position]![i]! < scaled[best]![i]! ? position : best)),
    );
  }
  while (chosen.size < count) {
    const free = positions.filter((position) => !chosen.has(position));
    choose(free.reduce((best, position) => (nearest[position]! > nearest[best]! ? position : best)));
  }
  return [...chosen].map((position) => front[position]!);
}
