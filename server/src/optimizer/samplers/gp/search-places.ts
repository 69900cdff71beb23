import type { History } from "../../history.ts";
import type { Stream } from "../../numerics/stream.ts";
import type { Point } from "../sampler.ts";
import type { Acquisition } from "./acquisition.ts";
import type { Aim } from "./aim.ts";
import { otherBasins } from "./basins.ts";
import { boxAround } from "./box.ts";
import type { Evidence } from "./evidence.ts";
import { exchangesOf } from "./exchanges.ts";
import type { Model } from "./model.ts";
import { bestOf, type Scored } from "./scored.ts";
import { search } from "./search.ts";
import { searchBasins } from "./search-basins.ts";
import type { Surrogate } from "./surrogate.ts";

/** Good trials that the search looks around. */
const GOOD = 6;

/** What a suggestion goes by, and what for. */
export interface Quest {
  readonly model: Model;
  readonly history: History;
  readonly evidence: Evidence;
  readonly surrogate: Surrogate;
  readonly aim: Aim;
  readonly fixed: Point | undefined;
}

export interface PlacesOptions extends Quest {
  /** What is to be as high as possible. */
  readonly acquisition: Acquisition;
  /** Whether a point may be proposed. */
  isNew(point: Point): boolean;
  /** What is to be as high as possible in a basin with a goal of its own. */
  improvementOn(goal: number): Acquisition;
}

/**
 * Where a point was found: near the best result or anywhere; where it differs from the best result in one value; or near the best result of
 * another basin.
 */
export type Place = "open" | "beside" | "another basin";

/** A point, and where it was found. */
export interface Found {
  readonly point: Point;
  readonly place: Place;
}

/** The point that serves the aim best: beside the best result, near it, near that of another basin, or anywhere. */
export function searchPlaces(options: PlacesOptions, stream: Stream): Found {
  const { model, history, evidence, surrogate, aim, fixed, acquisition } = options;
  const { space, features, settings } = model;
  const { data, targets, order, promising, branch, logs, all } = evidence;
  const { objective, best } = surrogate;
  const isHoming = drawHoming(options, stream);
  const width = settings.narrowest * (settings.widest / settings.narrowest) ** stream.uniform();
  const pointOf = (position: number): Point => history.point(data.numbers[position]!);
  const common = {
    space,
    features,
    fixed: branch?.fixed ?? fixed,
    scanned: Math.round(settings.scanned * (all.count <= 60 ? 1 : all.count <= 120 ? 0.75 : 0.5)),
    starts: settings.starts,
    evaluations: settings.evaluations,
    isNew: (candidate: Point) => options.isNew(candidate),
    stream,
  };
  const near = (position: number, towards: Acquisition): Scored => {
    const box = boxAround(features, pointOf(position), logs, width);
    return search({ ...common, acquisition: towards, good: [pointOf(position)], box });
  };
  const anywhere = (): Scored =>
    search({ ...common, acquisition, good: promising.slice(0, GOOD).map(pointOf), box: undefined });
  const beside = aim.isRefining
    ? bestOf(features, acquisition, exchangesOf(space, pointOf(promising[0]!), fixed).filter(common.isNew))
    : undefined;
  if (beside !== undefined) return { point: beside.point, place: "beside" };
  if (!isHoming) return { point: anywhere().point, place: "open" };
  if (aim.settled === undefined || best === undefined) {
    return { point: near(promising[0]!, acquisition).point, place: "open" };
  }
  const { point, isElsewhere } = searchBasins({
    first: order[0]!,
    others: () => otherBasins(objective, all, order),
    targets,
    goal: best,
    gain: aim.settled,
    settings,
    stream: stream.fork("basin"),
    near: (position, own) => near(position, options.improvementOn(own)),
    anywhere,
  });
  return { point, place: isElsewhere ? "another basin" : "open" };
}

/**
 * Whether to keep to a box around a good trial. A box says little about grids and nothing about choices; a model of the neighbourhood
 * knows nothing beyond it.
 */
function drawHoming({ model: { space, settings }, evidence, aim }: PlacesOptions, stream: Stream): boolean {
  const continuous = space.dimensions.filter(({ kind }) => kind === "continuous").length;
  const homing = aim.settled === undefined ? settings.homing : settings.settledHoming;
  return stream.uniform() * space.dimensions.length < homing * continuous || evidence.isLocal;
}
