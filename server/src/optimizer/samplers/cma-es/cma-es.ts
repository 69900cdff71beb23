import type { Objective } from "../../history.ts";
import { cholesky, padWithIdentity } from "../../numerics/cholesky.ts";
import { padded } from "../../numerics/padded.ts";
import type { Stream } from "../../numerics/stream.ts";
import { solveLower, solveLowerTransposed } from "../../numerics/triangular.ts";
import type { Space } from "../../space/space.ts";
import { createNsga2Sampler } from "../nsga2.ts";
import { placeAt, snapAt } from "../place.ts";
import type { Point, Sampler } from "../sampler.ts";
import { createEvolution, type Evolution } from "./evolution.ts";

export interface CmaEsOptions {
  /** Trials a generation. Default: 4 + 3 ln(parameters). */
  readonly populationSize?: number | undefined;
  /** Adapt variances only. Default false; always beyond 100 parameters. */
  readonly separable?: boolean | undefined;
  /** Start again elsewhere with twice the population when it has converged. Default true. */
  readonly restarts?: boolean | undefined;
}

/** A matrix of more numbers than this needs more trials to learn than studies have, and seconds to follow them. */
const MOST_CORRELATED = 100;
/**
 * Draws of which the first inside the cube and the linear constraints is taken; the last one is pulled onto the faces, where optima
 * often lie.
 */
const REDRAWS = 3;

/**
 * Covariance matrix adaptation (Hansen, arXiv:1604.00772) with margin for grids (Hamano et al., arXiv:2205.13482) and probabilities for the
 * choices of categoricals (CatCMA, arXiv:2405.09962). Its state is a function of the results in the order in which they ended. Several
 * objectives are left to NSGA-II.
 */
export function createCmaEsSampler(
  space: Space,
  objectives: readonly Objective[],
  { populationSize, separable = false, restarts = true }: CmaEsOptions = {},
): Sampler {
  const width = space.dimensions.filter(({ cells }) => cells > 1).length;
  const isSeparable = separable || width > MOST_CORRELATED;
  const size = populationSize ?? 4 + Math.floor(3 * Math.log(Math.max(1, width)));
  const follow = createEvolution(space, { populationSize: size, isSeparable, restarts });
  const several = objectives.length > 1 ? createNsga2Sampler(space) : undefined;
  return {
    suggest(request) {
      if (several !== undefined) {
        const suggestion = several.suggest(request);
        return { ...suggestion, reason: `CMA-ES takes one objective, so NSGA-II: ${suggestion.reason}` };
      }
      const { history, stream, seed, fixed } = request;
      const evolution = follow(history, seed);
      const point = draw(space, evolution, fixed, stream);
      return { point, sampler: "cma-es", reason: explain(evolution, isSeparable && !separable) };
    },
  };
}

function draw(space: Space, evolution: Evolution, fixed: Point | undefined, stream: Stream): Point {
  const { numeric, categorical, model, choices } = evolution;
  const given = Float64Array.from(numeric, ({ index }) => fixed?.[index] ?? NaN);
  let place = new Float64Array(numeric.length);
  for (let attempt = 0; attempt < REDRAWS; attempt++) {
    const z = Float64Array.from(numeric, () => stream.normal());
    place = condition(evolution, model.place(z), given) as Float64Array<ArrayBuffer>;
    const isInside = place.every((unit) => unit >= 0 && unit <= 1);
    if (isInside && keepsLinear(space, numeric, place, fixed)) break;
  }
  const units = new Float64Array(space.dimensions.length).fill(NaN);
  numeric.forEach(({ index }, k) => (units[index] = place[k]!));
  categorical.forEach(({ index, centre }, k) => {
    let rest = stream.uniform();
    const cell = choices.chances[k]!.findIndex((chance) => (rest -= chance) < 0);
    units[index] = centre(Math.max(0, cell));
  });
  return placeAt(space, units, fixed);
}

/** Whether numeric coordinates keep the linear constraints, which know no others. */
function keepsLinear(
  space: Space,
  numeric: Evolution["numeric"],
  place: Float64Array,
  fixed: Point | undefined,
): boolean {
  if (space.linear.rows.length === 0) return true;
  const units = new Float64Array(space.dimensions.length).fill(NaN);
  numeric.forEach(({ index }, k) => (units[index] = place[k]!));
  return space.linear.keeps(snapAt(space, units, fixed));
}

/** A draw made one given the coordinates that are not NaN in `given`: moved by what correlates with how far it was from them. */
function condition({ model }: Evolution, place: Float64Array, given: Float64Array): Float64Array {
  const known = [...given.keys()].filter((k) => !Number.isNaN(given[k]!));
  if (known.length === 0) return place;
  const stride = padded(known.length);
  const factor = new Float64Array(stride * stride);
  known.forEach((j, row) => {
    known.forEach((k, column) => {
      if (column <= row) factor[row * stride + column] = model.covariance(j, k);
    });
  });
  padWithIdentity(factor, known.length, stride);
  const pull = new Float64Array(stride);
  known.forEach((k, row) => (pull[row] = given[k]! - place[k]!));
  const isSolvable = cholesky(factor, known.length, stride);
  if (isSolvable) {
    solveLower(factor, known.length, stride, pull);
    solveLowerTransposed(factor, known.length, stride, pull);
  }
  return place.map((unit, k) => {
    if (!Number.isNaN(given[k]!)) return given[k]!;
    if (!isSolvable) return unit;
    return known.reduce((sum, j, row) => sum + model.covariance(k, j) * pull[row]!, unit);
  });
}

function explain(
  { numeric, categorical, model, generations, size, run }: Evolution,
  isTooWide: boolean,
): string {
  const widths = numeric.map((_, k) => model.deviation(k));
  const width = Math.exp(widths.reduce((sum, each) => sum + Math.log(each), 0) / Math.max(1, widths.length));
  const parts = [
    numeric.length > 0 ? `a normal distribution of width ${width.toPrecision(2)}` : "",
    categorical.length > 0 ? "probabilities of the choices (CatCMA)" : "",
  ].filter((part) => part !== "");
  const runs = run > 0 ? ` of run ${run + 1}` : "";
  const only = isTooWide ? `; variances alone, for more than ${MOST_CORRELATED} parameters` : "";
  return `drawn from ${parts.join(" and ") || "a single point"}, adapted by ${generations} generations${runs} of ${size} trials${only}`;
}
