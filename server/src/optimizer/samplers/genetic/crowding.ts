import { lossesOf } from "../standing.ts";
import type { Thin } from "./population.ts";

/**
 * Keeps the members of a rank with the largest crowding distances, which they get as their room: the sum over the objectives of the
 * gap between their two neighbours, in ranges of the rank (Deb et al., IEEE TEC 6, 2002). Extremes have endless room.
 */
export const thinByCrowding: Thin = (history, _taken, rank, places) => {
  const losses = rank.map((number) => lossesOf(history, number));
  const rooms = crowdingDistances(losses);
  return rank
    .map((number, i) => ({ number, room: rooms[i]! }))
    .sort((a, b) => (a.room === b.room ? a.number - b.number : b.room - a.room))
    .slice(0, places);
};

export function crowdingDistances(losses: readonly (readonly number[])[]): Float64Array {
  const distances = new Float64Array(losses.length);
  for (let objective = 0; objective < (losses[0]?.length ?? 0); objective++) {
    const units = unitLosses(losses.map((row) => row[objective]!));
    const order = losses.map((_, i) => i).sort((a, b) => units[a]! - units[b]! || a - b);
    order.forEach((i, at) => {
      const before = units[order[at - 1] ?? -1];
      const after = units[order[at + 1] ?? -1];
      distances[i] =
        distances[i]! + (before === undefined || after === undefined ? Infinity : after - before);
    });
  }
  return distances;
}

/** From 0 for the least to 1 for the largest of the finite ones; infinite ones lie one range beyond. */
export function unitLosses(losses: readonly number[]): Float64Array {
  let [low, high] = [Infinity, -Infinity];
  for (const loss of losses) {
    if (!Number.isFinite(loss)) continue;
    low = Math.min(low, loss);
    high = Math.max(high, loss);
  }
  return Float64Array.from(losses, (loss) => {
    if (!Number.isFinite(loss)) return loss < 0 ? -1 : 2;
    // Halves first: the range of two doubles may be beyond all doubles.
    return high > low ? (loss / 2 - low / 2) / (high / 2 - low / 2) : 0;
  });
}
