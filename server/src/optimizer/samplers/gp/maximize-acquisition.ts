import type { History } from "../../history.ts";
import type { Stream } from "../../numerics/stream.ts";
import type { Point } from "../sampler.ts";
import { type Acquisition, createAcquisition } from "./acquisition.ts";
import type { Aim } from "./aim.ts";
import { otherBasins } from "./basins.ts";
import { boxAround } from "./box.ts";
import { createConfidenceBound } from "./confidence.ts";
import type { Evidence } from "./evidence.ts";
import { exchangesOf } from "./exchanges.ts";
import { createFeasibility } from "./feasibility.ts";
import type { Model } from "./model.ts";
import { doReplicatesDiffer } from "./replicates.ts";
import { bestOf, type Scored } from "./scored.ts";
import { search } from "./search.ts";
import { searchBasins } from "./search-basins.ts";
import type { Surrogate } from "./surrogate.ts";

/** Good trials that the search looks around. */
const GOOD = 6;

/** What is searched, and what for. */
export interface AcquisitionOptions {
  readonly model: Model;
  readonly history: History;
  readonly evidence: Evidence;
  readonly surrogate: Surrogate;
  readonly aim: Aim;
  readonly fixed: Point | undefined;
  readonly replicates: number;
}

/** A point, and where it was found. */
export interface Found extends Scored {
  /** Whether it differs from the best result in one value. */
  readonly isBeside: boolean;
  /** Whether it is near the best result of another basin. */
  readonly isElsewhere: boolean;
}

/** The point that serves the aim best: beside the best result, near it, near that of another basin, or anywhere. */
export function maximizeAcquisition(options: AcquisitionOptions, stream: Stream): Found {
  const { model, history, evidence, surrogate, aim, fixed } = options;
  const { space, features, settings } = model;
  const { data, targets, order, promising, branch, logs, all } = evidence;
  const { objective, limits, best } = surrogate;
  const feasibility = createFeasibility(limits, features.numeric);
  const improvementOn = (goal: number | undefined): Acquisition =>
    createAcquisition(objective, goal, aim, feasibility);
  const acquisition = aim.isOptimistic
    ? createConfidenceBound(objective)
    : improvementOn(aim.goal ?? (limits.length === 0 ? 0 : undefined));
  const isHoming = drawHoming(options, stream);
  const width = settings.narrowest * (settings.widest / settings.narrowest) ** stream.uniform();
  const most = mostAlike(options);
  const pointOf = (position: number): Point => history.point(data.numbers[position]!);
  const common = {
    space,
    features,
    fixed: branch?.fixed ?? fixed,
    scanned: Math.round(settings.scanned * (all.count <= 60 ? 1 : all.count <= 120 ? 0.75 : 0.5)),
    starts: settings.starts,
    evaluations: settings.evaluations,
    // In continuous spaces too: the model may want the same corner again and again.
    isNew: (candidate: Point) => history.count(candidate) < most,
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
  if (beside !== undefined) return { ...beside, isBeside: true, isElsewhere: false };
  if (!isHoming) return { ...anywhere(), isBeside: false, isElsewhere: false };
  if (aim.settled === undefined || best === undefined) {
    return { ...near(promising[0]!, acquisition), isBeside: false, isElsewhere: false };
  }
  const found = searchBasins({
    first: order[0]!,
    others: () => otherBasins(objective, all, order),
    targets,
    goal: best,
    gain: aim.settled,
    settings,
    stream: stream.fork("basin"),
    near: (position, own) => near(position, improvementOn(own)),
    anywhere,
  });
  return { ...found, isBeside: false };
}

/**
 * Whether to keep to a box around a good trial. A box says little about grids and nothing about choices; a model of the neighbourhood
 * knows nothing beyond it.
 */
function drawHoming(
  { model: { space, settings }, evidence, aim }: AcquisitionOptions,
  stream: Stream,
): boolean {
  const continuous = space.dimensions.filter(({ kind }) => kind === "continuous").length;
  const homing = aim.settled === undefined ? settings.homing : settings.settledHoming;
  return stream.uniform() * space.dimensions.length < homing * continuous || evidence.isLocal;
}

/**
 * How many trials may share a point. Where results are noise in part, the same point again may teach more than another one. What looks
 * like noise may be roughness, though.
 */
function mostAlike({ model, evidence, surrogate: { objective }, replicates }: AcquisitionOptions): number {
  const mayRepeat =
    replicates > 1 && Number.isFinite(model.space.size) && doReplicatesDiffer(evidence.all) !== false;
  return mayRepeat && objective.noise > model.settings.noisy * objective.signal ? replicates : 1;
}
