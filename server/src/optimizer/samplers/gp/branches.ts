import type { History } from "../../history.ts";
import type { Stream } from "../../numerics/stream.ts";
import type { Space } from "../../space/space.ts";
import type { Point } from "../sampler.ts";
import { idleness } from "./idleness.ts";
import type { Observations } from "./observations.ts";
import { mayCatchUp } from "./prospect.ts";

/** Trials with the same parameters active, which live in a space of their own within a conditional one. */
export interface Branch {
  /** Positions among the observations, the best first. */
  readonly members: readonly number[];
  /** Coordinates that keep a point in this branch, NaN elsewhere. */
  readonly fixed: Point;
  /** Whether it has more trials than it has parameters, which a model of its own can be made of. */
  readonly isKnown: boolean;
  /** For how many trials the best branch has gained nothing of note, where that is why another one is searched; else 0. */
  readonly idle: number;
}

/** What the choice of a branch depends on. */
export interface Standing {
  readonly space: Space;
  readonly history: History;
  readonly observed: Observations;
  /** One an observation. */
  readonly targets: Float64Array;
  /** Positions of the observations, the most promising first. */
  readonly order: readonly number[];
  readonly fixed: Point | undefined;
  /** Chance of a first look at another branch. */
  readonly share: number;
  /** Trials left of the study's budget; Infinity without one. */
  readonly left: number;
}

/** Trials per parameter that the best branch may go without a gain of note before others get their turn. */
const PATIENCE = 2;
/** How often they then do, and how many trials each may have for every one beyond the patience. */
const TURN = 2 / 3;
const FAIR = 3;

/**
 * Now and then another branch than the best trial's, to improve on its own best: a branch looks bad until somebody has searched it, and
 * a model that has seen little of it is sure too soon. The better and the less tried, the likelier, until it has had one trial more than
 * it has parameters: from then on the model may judge it, as long as it finds better points in the best branch. When it does not, further
 * trials there are lost, however bad the others look: they get as many, and more (rising bandits: Li et al., AAAI 2020), unless the budget
 * ends before they can catch up. Undefined to go where the model wants, and always in spaces without conditions.
 */
export function otherBranch(standing: Standing, stream: Stream): Branch | undefined {
  const { space, history, observed, targets, order, fixed, share, left } = standing;
  const parents = new Set(space.dimensions.filter(({ parent }) => parent >= 0).map(({ parent }) => parent));
  const toss = stream.uniform();
  if (parents.size === 0 || toss >= Math.max(share, TURN)) return undefined;
  const branches = Map.groupBy(order, (position) => keyOf(history.point(observed.numbers[position]!)));
  const running = Map.groupBy(history.pending, (number) => keyOf(history.point(number)));
  const [best, ...others] = branches;
  if (best === undefined) return undefined;
  const idle = idleness(observed, best[1]);
  const lost = FAIR * (idle - PATIENCE * sizeOf(best[0]));
  const goal = observed.losses[best[1][0]!]!;
  const open = others.filter(([key, members]) => {
    const tried = members.length + (running.get(key)?.length ?? 0);
    if (toss < share && tried <= sizeOf(key)) return true;
    const prospect = { members, size: sizeOf(key), goal, left: TURN * left };
    return toss < TURN && tried < lost && mayCatchUp(observed, prospect);
  });
  const hopes = open.map(([, members]) => Math.exp(-targets[members[0]!]!) / members.length);
  let rest = stream.uniform() * hopes.reduce((sum, hope) => sum + hope, 0);
  const picked = open.find((_, i) => (rest -= hopes[i]!) < 0);
  if (picked === undefined) return undefined;
  const [key, members] = picked;
  const point = history.point(observed.numbers[members[0]!]!);
  const kept = point.map((unit, index) => {
    const given = fixed?.[index] ?? NaN;
    return Number.isNaN(given) && parents.has(index) ? unit : given;
  });
  return { members, fixed: kept, isKnown: members.length > sizeOf(key), idle: lost > 0 ? idle : 0 };
}

/** Which parameters are active, one digit each. */
const keyOf = (point: Point): string =>
  point.reduce((text, unit) => text + (Number.isNaN(unit) ? "0" : "1"), "");

const sizeOf = (key: string): number => key.replaceAll("0", "").length;
