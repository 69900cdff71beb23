import type { History } from "./history.ts";
import { createStream, type Stream } from "./numerics/stream.ts";
import { drawUniform } from "./samplers/random.ts";
import type { Sampler, Suggestion } from "./samplers/sampler.ts";
import type { Point } from "./space/point.ts";
import { cellsFor, type Enumeration, enumerate } from "./space/enumerate.ts";
import type { ParameterValue, Params } from "./space/parameter.ts";
import type { Space } from "./space/space.ts";

export interface SuggestOptions {
  readonly space: Space;
  readonly sampler: Sampler;
  readonly history: History;
  /** Number that the trial will have. */
  readonly number: number;
  /** The study's seed. */
  readonly seed: number;
  /** Values that the caller has fixed; `space.check(fixed, { partial: true })` found nothing wrong. */
  readonly fixed?: Params | undefined;
  /** How many trials may share the same values where values are countable. */
  readonly replicates: number;
  /** How many trials the study may have; undefined while nobody has said. */
  readonly budget?: number | undefined;
}

/** A trial's parameters and why they were chosen. */
export interface Suggested extends Suggestion {
  readonly params: Params;
}

/** How often the sampler may try again before an unvisited point is drawn instead. */
const RESAMPLES = 5;
const REJECTIONS = 32;
/** Finite spaces with linear constraints are gone through up to this size, and searched by so many draws beyond it. */
const LISTED = 200_000;
const DRAWS = 1_000;

/**
 * The parameters of trial `number`: a pure function of the study's specification, its seed, the number, the fixed
 * values and the history. Answers "exhausted" when every point that has the fixed values was used `replicates` times.
 */
export function suggest(options: SuggestOptions): Suggested | "exhausted" {
  const { space, sampler, history, number, seed, replicates, budget } = options;
  const stream = createStream(seed, number);
  const isFixed = options.fixed !== undefined && Object.keys(options.fixed).length > 0;
  const given = isFixed ? space.canonical(options.fixed) : {};
  const fixed = Object.keys(given).length === 0 ? undefined : space.toPoint(given);

  const attempt = (
    start: Point | undefined,
    wanted: Params,
    fork: Stream,
    most = replicates,
  ): Suggested | undefined => {
    const pinned = fixed === undefined ? start : pinParents(space, start ?? fixed, fixed, fork.fork("pin"));
    const request = { history, number, stream: fork, seed, fixed: pinned, replicates, budget };
    const suggestion = sampler.suggest(request);
    const params = keepExact(space, suggestion.point, wanted);
    const point = space.toPoint(params);
    const isUsable = history.count(point, most) < most && space.linear.keeps(point);
    return isUsable ? { ...suggestion, params, point } : undefined;
  };
  if (number === 0 && space.parameters.some((parameter) => parameter.default !== undefined)) {
    const first = { ...defaultsOf(space), ...given };
    const point = space.toPoint(first);
    const start = attempt(
      pinParents(space, point, point, stream.fork("parents")),
      first,
      stream.fork("defaults"),
    );
    if (start !== undefined) return { ...start, reason: "the declared defaults come first" };
  }
  // Where points are without number a neighbour says as much about noise as a repeat, and more about the objective.
  for (const most of Number.isFinite(space.size) ? [replicates] : new Set([1, replicates])) {
    for (let round = 0; round < RESAMPLES; round++) {
      const suggested = attempt(fixed, given, stream.fork("attempt", round), most);
      if (suggested !== undefined) return suggested;
    }
  }
  const unused = drawUnused(space, history, fixed, replicates, stream.fork("unused"));
  if (unused === undefined) return "exhausted";
  const params = keepExact(space, unused, given);
  const reason = "drawn from the points not yet tried: the sampler chose only tried ones";
  return { params, point: space.toPoint(params), sampler: "random", reason };
}

function defaultsOf(space: Space): Params {
  const entries = space.parameters.map(({ name, default: value }) => [name, value] as const);
  return Object.fromEntries(
    entries.filter((entry): entry is [string, ParameterValue] => entry[1] !== undefined),
  );
}

/** Values of a point; where it has the coordinate of a wanted value, exactly that value, which coordinates may round. */
function keepExact(space: Space, point: Point, wanted: Params): Params {
  const params = space.toParams(point);
  if (Object.keys(wanted).length === 0) return params;
  const exact = space.dimensions.flatMap(({ name, index, snap, toUnit }) => {
    if (!Object.hasOwn(params, name) || !Object.hasOwn(wanted, name)) return [];
    const value = snap(wanted[name]!);
    return value !== undefined && toUnit(value) === point[index] ? [[name, value] as const] : [];
  });
  return { ...params, ...Object.fromEntries(exact) };
}

/**
 * Makes the fixed coordinates active: a copy of `start` with the fixed coordinates, in which every ancestor of one
 * that would switch it off, or that is free, has a cell in which it is active, drawn uniformly.
 */
function pinParents(space: Space, start: Point, fixed: Point, stream: Stream): Point {
  const point = start.map((unit, index) => (Number.isNaN(fixed[index]!) ? unit : fixed[index]!));
  for (const index of space.order) {
    const dimension = space.dimensions[index]!;
    const draw = stream.uniform();
    const cells = Number.isNaN(fixed[index]!) ? cellsFor(space.dimensions, index, fixed) : undefined;
    if (cells === undefined || cells.length === 0) continue;
    const isAllowed = !Number.isNaN(point[index]!) && cells.includes(dimension.cell(point[index]!));
    if (!isAllowed) point[index] = dimension.centre(cells[Math.floor(draw * cells.length)]!);
  }
  return point;
}

/** An unused point, uniformly; undefined when there is none. Draws at random first and lists the used ones if that fails. */
function drawUnused(
  space: Space,
  history: History,
  fixed: Point | undefined,
  replicates: number,
  stream: Stream,
): Point | undefined {
  const points = enumerate(space.dimensions, fixed);
  if (points.size === Infinity) {
    // Too many to run out of, yet a sampler may love one, and a branch may have one alone, which is drawn again and again.
    const endless = stream.fork("endless");
    let kept: Point | undefined;
    for (let draw = 0; draw < REJECTIONS; draw++) {
      const point = drawUniform(space, endless, fixed && pinParents(space, fixed, fixed, stream));
      if (!space.linear.keeps(point)) continue;
      if (history.count(point, 1) === 0) return point;
      kept ??= point;
    }
    return kept;
  }
  const isUsable = (point: Point): boolean =>
    history.count(point, replicates) < replicates && space.linear.keeps(point);
  for (let draw = 0; draw < REJECTIONS && points.size > 0; draw++) {
    const point = points.unrank(stream.integer(points.size));
    if (isUsable(point)) return point;
  }
  if (space.linear.rows.length > 0) return drawAmongKept(space, points, isUsable, fixed, stream);
  const used = new Set<number>();
  for (let number = 0; number < history.size; number++) {
    const point = history.point(number);
    const rank = points.rank(point);
    if (rank >= 0 && history.count(point, replicates) >= replicates) used.add(rank);
  }
  if (used.size >= points.size) return undefined;
  // The k-th unused rank: every used one at or below it moves it up by one.
  let rank = stream.integer(points.size - used.size);
  for (const taken of Float64Array.from(used).sort()) if (taken <= rank) rank++;
  return points.unrank(rank);
}

/** The same where linear constraints rule points out: a space that is too large to go through counts as used when many draws are. */
function drawAmongKept(
  space: Space,
  points: Enumeration,
  isUsable: (point: Point) => boolean,
  fixed: Point | undefined,
  stream: Stream,
): Point | undefined {
  if (points.size > LISTED) {
    for (let draw = 0; draw < DRAWS; draw++) {
      const point = drawUniform(space, stream, fixed && pinParents(space, fixed, fixed, stream));
      if (isUsable(point)) return point;
    }
    return undefined;
  }
  const ranks: number[] = [];
  for (let rank = 0; rank < points.size; rank++) if (isUsable(points.unrank(rank))) ranks.push(rank);
  return ranks.length === 0 ? undefined : points.unrank(ranks[stream.integer(ranks.length)]!);
}
