import type { Trials } from "../history.ts";
import type { Stream } from "../numerics/stream.ts";
import { varianceOver } from "./grid.ts";
import type { Rows } from "./rows.ts";
import { createDissection, type Dissection, type Effects } from "./smooth-dissection.ts";
import type { SmoothModel } from "./smooth-model.ts";
import type { Surrogate } from "./surrogate.ts";
import { backward } from "./triangular.ts";

const DRAWS = 40;

/** Effects of a smooth model, each draw one of its alternatives. */
export function smoothEffects(
  history: Trials,
  rows: Rows,
  model: SmoothModel,
  stream: Stream,
): Pick<Surrogate, "draws" | "grid" | "effect" | "jointEffect" | "variances" | "shared"> {
  const { groups } = model;
  const dissection = createDissection(history, rows, model);
  const { grids, edges, active, tableOf } = dissection;
  const width = grids.length;
  const draws = drawEffects(dissection, model, width, stream);

  return {
    draws: DRAWS,
    grid: (dimension) => grids[dimension]!,
    effect: (dimension) => draws.map(({ level, own }) => own[dimension]!.map((value) => value + level)),
    jointEffect(first, second) {
      const pair = groups.findIndex(
        ({ dimensions }) =>
          dimensions.length === 2 && dimensions.includes(first) && dimensions.includes(second),
      );
      const isTurned = pair >= 0 && groups[pair]!.dimensions[0] === second;
      return draws.map(({ coefficients, level, own }) => {
        const [left, right] = [own[first]!, own[second]!];
        const both = pair < 0 ? undefined : tableOf(pair, coefficients).rest;
        return Float64Array.from({ length: left.length * right.length }, (_, at) => {
          const i = Math.floor(at / right.length);
          const j = at % right.length;
          return level + left[i]! + right[j]! + (both?.[isTurned ? j * left.length + i : at] ?? 0);
        });
      });
    },
    variances: Float64Array.from(draws, ({ own, joint }) =>
      own.reduce(
        (sum, curve, index) => sum + active[index]! * varianceOver(curve, edges[index]!),
        joint.reduce((sum, part) => sum + part, 0),
      ),
    ),
    shared: draws.map(({ joint }) => {
      const halves = new Float64Array(width);
      groups.forEach(({ dimensions }, at) => {
        for (const dimension of dimensions) halves[dimension]! += joint[at]! / 2;
      });
      return halves;
    }),
  };
}

/** From the posterior, in pairs about its mean, so that averages over the draws are those of the posterior mean. */
function drawEffects(
  { takeApart }: Dissection,
  { coefficients, factor }: SmoothModel,
  width: number,
  stream: Stream,
): Effects[] {
  const { length } = coefficients;
  return Array.from({ length: DRAWS / 2 }, () => {
    const step = Float64Array.from({ length }, () => stream.normal());
    backward(factor, step, length);
    const turns = Float64Array.from({ length: 2 * width }, () => stream.normal());
    return [1, -1].map((side) =>
      takeApart(
        step.map((value, at) => coefficients[at]! + side * value),
        turns.map((value) => side * value),
      ),
    );
  }).flat();
}
