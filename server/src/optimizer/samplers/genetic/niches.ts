import type { History } from "../../history.ts";
import { lossesOf } from "../standing.ts";
import { unitLosses } from "./crowding.ts";
import type { Thin } from "./population.ts";

/** More reference points than this are not kept: there are fewer divisions then. */
const MOST_POINTS = 2_000;

/** Points that divide each axis of the unit simplex evenly (Das and Dennis, SIAM J. Optim. 8, 1998), each a row of `width` numbers. */
export function referencePoints(width: number, divisions: number): number[][] {
  let parts = Math.max(1, divisions);
  while (parts > 1 && choose(width - 1 + parts, parts) > MOST_POINTS) parts--;
  const points: number[][] = [];
  const place = (prefix: readonly number[], left: number): void => {
    if (prefix.length === width - 1) points.push([...prefix, left].map((part) => part / parts));
    else for (let part = 0; part <= left; part++) place([...prefix, part], left - part);
  };
  place([], parts);
  return points;
}

function choose(n: number, k: number): number {
  let count = 1;
  for (let i = 1; i <= k; i++) count = (count * (n - k + i)) / i;
  return count;
}

/**
 * Fills the places from the rank so that all directions of the reference points have members (Deb and Jain, IEEE TEC 18, 2014): losses are
 * measured from the ideal point in intercepts of the plane through the extreme points, each trial belongs to the nearest reference
 * line, and lines with the fewest members choose first. Where the paper draws lots, the nearest and then the earliest trial is taken.
 */
export function createThinByNiche(width: number, divisions: number): Thin {
  const lines = referencePoints(width, divisions);
  return (history, taken, rank, places) => {
    if (places === rank.length) return rank.map((number) => ({ number, room: 0 }));
    const all = [...taken, ...rank];
    const rows = normalised(history, all);
    const nearest = rows.map((row) => nearestLine(row, lines));
    const members = new Int32Array(lines.length);
    for (let i = 0; i < taken.length; i++) members[nearest[i]!.line] = members[nearest[i]!.line]! + 1;
    const queues = lines.map((): number[] => []);
    for (let i = taken.length; i < all.length; i++) queues[nearest[i]!.line]!.push(i);
    for (const queue of queues) {
      // The best comes last, so that it can be popped.
      queue.sort((a, b) => nearest[b]!.distance - nearest[a]!.distance || all[b]! - all[a]!);
    }
    const chosen: { number: number; room: number }[] = [];
    while (chosen.length < places) {
      let line = -1;
      for (let k = 0; k < lines.length; k++) {
        if (queues[k]!.length > 0 && (line < 0 || members[k]! < members[line]!)) line = k;
      }
      chosen.push({ number: all[queues[line]!.pop()!]!, room: 0 });
      members[line] = members[line]! + 1;
    }
    return chosen;
  };
}

/** Losses from 0 at the ideal point to 1 at the intercepts; by the largest losses where the extreme points span no plane. */
function normalised(history: History, numbers: readonly number[]): number[][] {
  const width = history.objectives.length;
  const losses = numbers.map((number) => lossesOf(history, number));
  const columns = Array.from({ length: width }, (_, j) => unitLosses(losses.map((row) => row[j]!)));
  const rows = numbers.map((_, i) => columns.map((column) => column[i]!));
  const extremes = columns.map((_, axis) => {
    // The point with the least loss when all objectives but one weigh a million times as much.
    const achievement = (row: readonly number[]): number =>
      Math.max(...row.map((loss, j) => (j === axis ? loss : loss * 1e6)));
    return rows.reduce((best, row) => (achievement(row) < achievement(best) ? row : best));
  });
  const intercepts = interceptsOf(extremes);
  return rows.map((row) => row.map((loss, j) => loss / (intercepts?.[j] ?? 1)));
}

/** Where the plane through as many points as there are axes meets the axes; undefined where it does not. */
function interceptsOf(points: readonly (readonly number[])[]): number[] | undefined {
  const n = points.length;
  const a = points.map((point) => [...point, 1]);
  for (let k = 0; k < n; k++) {
    const pivot = a.slice(k).reduce((best, row) => (Math.abs(row[k]!) > Math.abs(best[k]!) ? row : best));
    if (Math.abs(pivot[k]!) < 1e-10) return undefined;
    const at = a.indexOf(pivot);
    [a[k], a[at]] = [pivot, a[k]!];
    for (const row of a) {
      if (row === pivot) continue;
      const factor = row[k]! / pivot[k]!;
      for (let j = k; j <= n; j++) row[j] = row[j]! - factor * pivot[j]!;
    }
  }
  const intercepts = a.map((row, k) => row[k]! / row[n]!);
  return intercepts.every((intercept) => intercept > 1e-6 && Number.isFinite(intercept))
    ? intercepts
    : undefined;
}

function nearestLine(row: readonly number[], lines: readonly (readonly number[])[]) {
  let best = { line: 0, distance: Infinity };
  lines.forEach((direction, line) => {
    let [along, length, own] = [0, 0, 0];
    direction.forEach((part, j) => {
      along += part * row[j]!;
      length += part * part;
      own += row[j]! * row[j]!;
    });
    const distance = Math.max(0, own - (along * along) / length);
    if (distance < best.distance) best = { line, distance };
  });
  return best;
}
