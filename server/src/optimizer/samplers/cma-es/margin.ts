import { normalCdf, normalQuantile } from "../../numerics/normal-distribution.ts";
import type { Dimension } from "../../space/dimension.ts";
import type { NormalModel } from "./normal-model.ts";

/**
 * Keeps coordinate `k`, a grid, from settling in one cell: the mean and the stretch change so that each side of the cell with the mean
 * has a probability of at least `least` (the only other side), or half of it (each of two), of being drawn (Hamano et al., "CMA-ES with
 * margin", GECCO 2022, arXiv:2205.13482).
 */
export function applyMargin(model: NormalModel, k: number, dimension: Dimension, least: number): void {
  const { mean, stretch } = model;
  const { cells, edge } = dimension;
  const centre = Math.min(1, Math.max(0, mean[k]!));
  const own = Math.min(cells - 1, dimension.cell(centre));
  const deviation = model.deviation(k);
  if (own === 0 || own === cells - 1) {
    const border = own === 0 ? edge(1) : edge(cells - 1);
    const farthest = normalQuantile(1 - least) * deviation;
    const away = Math.min(Math.abs(mean[k]! - border), farthest);
    mean[k] = border + (own === 0 ? -away : away);
    return;
  }
  const [low, high] = [edge(own), edge(own + 1)];
  const below = normalCdf((low - mean[k]!) / deviation);
  const above = normalCdf((mean[k]! - high) / deviation);
  if (below >= least / 2 && above >= least / 2) return;
  const inside = Math.max(0, 1 - below - above);
  const raised = [Math.max(least / 2, below), Math.max(least / 2, above)] as const;
  // What was added is taken back from all three in proportion to what they have to spare.
  const excess = 1 - raised[0] - raised[1] - inside;
  const spare = raised[0] + raised[1] + inside - 1.5 * least;
  const [left, right] = raised.map((p) => normalQuantile(1 - (p + (excess * (p - least / 2)) / spare))) as [
    number,
    number,
  ];
  if (!(left + right > 0)) return;
  stretch[k] = stretch[k]! * ((high - low) / ((left + right) * deviation));
  mean[k] = (low * right + high * left) / (left + right);
}
