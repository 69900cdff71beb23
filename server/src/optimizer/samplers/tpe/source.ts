import { drawInUnit } from "../../numerics/truncated-normal.ts";
import type { Stream } from "../../numerics/stream.ts";
import type { Space } from "../../space/space.ts";
import type { Point } from "../sampler.ts";
import { PRIOR_DEVIATION, PRIOR_MEAN } from "./kernel.ts";
import type { Mixture } from "./mixture.ts";

/** Draws from the mixture of the good trials. */
export interface Source {
  /** A row of the mixture by weight; `length` stands for the prior kernel. */
  pick(stream: Stream): number;
  /** Draws one coordinate of a point from one row's kernel. */
  draw(point: Point, index: number, row: number, stream: Stream): void;
}

export function createSource(space: Space, mixture: Mixture, fixed: Point | undefined): Source {
  const { layout, rows, length, count, weights } = mixture;
  const chances = fixed === undefined ? weights : weightsGiven(mixture, fixed);
  let total = fixed === undefined ? 1 : priorGiven(mixture, fixed);
  for (let row = 0; row < length; row++) total += chances[row]!;

  return {
    pick(stream) {
      let rest = stream.uniform() * total;
      for (let row = 0; row < length; row++) {
        rest -= chances[row]!;
        if (rest < 0) return row;
      }
      return length;
    },
    draw(point, index, row, stream) {
      const dimension = space.dimensions[index]!;
      const at = layout.places[index]!;
      if (dimension.kind === "categorical") {
        const code = row < length ? rows.codes[row * layout.categorical.length + at]! : 0;
        const isOwn = stream.uniform() * (1 + dimension.cells / (count + 1)) < 1;
        const drawn = stream.integer(dimension.cells);
        point[index] = dimension.centre(isOwn && code > 0 ? code - 1 : drawn);
        return;
      }
      const slot = row * layout.numeric.length + at;
      const scale = row < length ? rows.pairs[2 * slot + 1]! : Math.SQRT1_2 / PRIOR_DEVIATION;
      const mean = row < length ? rows.pairs[2 * slot]! : PRIOR_MEAN;
      const unit = scale === 0 ? stream.uniform() : drawInUnit(mean, Math.SQRT1_2 / scale, stream);
      point[index] = dimension.kind === "continuous" ? unit : dimension.centre(dimension.cell(unit));
    },
  };
}

/** Weights times each kernel's density at the fixed coordinates: the mixture given these. */
function weightsGiven(
  { layout, rows, length, weights, matches, mismatches }: Mixture,
  fixed: Point,
): Float64Array {
  return Float64Array.from({ length }, (_, row) => {
    let log = 0;
    layout.numeric.forEach(({ index }, at) => {
      if (Number.isNaN(fixed[index]!)) return;
      const slot = row * layout.numeric.length + at;
      log += rows.norms[slot]! - ((fixed[index]! - rows.pairs[2 * slot]!) * rows.pairs[2 * slot + 1]!) ** 2;
    });
    layout.categorical.forEach(({ index, cell }, at) => {
      const code = rows.codes[row * layout.categorical.length + at]!;
      if (Number.isNaN(fixed[index]!) || code === 0) return;
      log += code === 1 + cell(fixed[index]!) ? matches[at]! : mismatches[at]!;
    });
    return weights[row]! * Math.exp(log);
  });
}

function priorGiven({ layout }: Mixture, fixed: Point): number {
  let log = 0;
  layout.numeric.forEach(({ index }, at) => {
    if (!Number.isNaN(fixed[index]!))
      log += layout.priorNorms[at]! - 0.5 * ((fixed[index]! - PRIOR_MEAN) / PRIOR_DEVIATION) ** 2;
  });
  return Math.exp(log);
}
