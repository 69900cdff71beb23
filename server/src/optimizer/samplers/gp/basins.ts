import type { Training } from "./likelihood.ts";
import type { Posterior } from "./posterior.ts";

/** Better results, the nearest ones, that a result may share a basin with. */
const NEIGHBOURS = 4;
/** Places on the way to each of them. */
const PLACES = 3;

/**
 * Positions of results, the best first, that are the best of a basin: on the way from each of them to the nearest better ones the model
 * rises. That is the hill-valley test (Ursem, CEC 1999) by the model's mean instead of evaluations. The best of all is left out, and so is
 * the worse half, whose basins would be many and poor. Where the model ripples, a result beside a better one passes as well.
 *
 * @param order - positions of the rows, the most promising first
 */
export function otherBasins(model: Posterior, training: Training, order: readonly number[]): number[] {
  const { width, targets } = training;
  const ways = new Float64Array(NEIGHBOURS * PLACES * width);
  const means = new Float64Array(NEIGHBOURS * PLACES);
  const deviations = new Float64Array(NEIGHBOURS * PLACES);
  return order.slice(0, Math.ceil(order.length / 2)).filter((i, rank) => {
    if (rank === 0) return false;
    const near = nearest(training, i, order.slice(0, rank));
    near.forEach((j, at) => writeWay(training, i, j, ways, at * PLACES * width));
    model.predict(ways, near.length * PLACES, means, deviations);
    return near.every((_, at) =>
      means.subarray(at * PLACES, (at + 1) * PLACES).some((mean) => mean > targets[i]!),
    );
  });
}

function nearest({ width, numeric, rows }: Training, i: number, others: readonly number[]): number[] {
  const squared = (j: number): number => {
    let sum = 0;
    for (let k = 0; k < width; k++) {
      const gap = rows[i * width + k]! - rows[j * width + k]!;
      sum += k < numeric ? gap * gap : gap === 0 ? 0 : 1;
    }
    return sum;
  };
  return others
    .map((j) => ({ j, away: squared(j) }))
    .sort((a, b) => a.away - b.away || a.j - b.j)
    .slice(0, NEIGHBOURS)
    .map(({ j }) => j);
}

/** Rows evenly between two others; codes, which have no between, change at the last of them. */
function writeWay(
  { width, numeric, rows }: Training,
  from: number,
  to: number,
  ways: Float64Array,
  offset: number,
): void {
  for (let place = 1; place <= PLACES; place++) {
    const share = place / (PLACES + 1);
    for (let k = 0; k < width; k++) {
      const start = rows[from * width + k]!;
      const end = rows[to * width + k]!;
      ways[offset + (place - 1) * width + k] =
        k < numeric ? start + share * (end - start) : place < PLACES ? start : end;
    }
  }
}
