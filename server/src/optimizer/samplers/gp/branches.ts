import type { History } from "../../history.ts";
import type { Stream } from "../../numerics/stream.ts";
import type { Space } from "../../space/space.ts";
import type { Point } from "../sampler.ts";

/** Trials with the same parameters active, which live in a space of their own within a conditional one. */
export interface Branch {
  /** Positions among the observations, the best first. */
  readonly members: readonly number[];
  /** Coordinates that keep a point in this branch, NaN elsewhere. */
  readonly fixed: Point;
}

/**
 * Now and then another branch than the best trial's, to improve on its own best: a branch looks bad until somebody has searched it, and
 * a model that has seen little of it is sure too soon. The better and the less tried, the likelier, until it has had one trial more than
 * it has parameters: from then on the model may judge it. Undefined to go where the model wants, and always in spaces without
 * conditions.
 *
 * @param numbers - the observed trials
 * @param order - their positions, the most promising first
 */
export function otherBranch(
  space: Space,
  history: History,
  numbers: readonly number[],
  targets: Float64Array,
  order: readonly number[],
  fixed: Point | undefined,
  share: number,
  stream: Stream,
): Branch | undefined {
  const parents = new Set(space.dimensions.filter(({ parent }) => parent >= 0).map(({ parent }) => parent));
  if (parents.size === 0 || stream.uniform() >= share) return undefined;
  const branches = Map.groupBy(order, (position) => keyOf(history.point(numbers[position]!)));
  const running = Map.groupBy(history.pending, (number) => keyOf(history.point(number)));
  const [, ...known] = branches;
  const others = known
    .filter(
      ([key, members]) => members.length + (running.get(key)?.length ?? 0) <= key.replaceAll("0", "").length,
    )
    .map(([, members]) => members);
  const hopes = others.map((members) => Math.exp(-targets[members[0]!]!) / members.length);
  let rest = stream.uniform() * hopes.reduce((sum, hope) => sum + hope, 0);
  const members = others.find((_, i) => (rest -= hopes[i]!) < 0);
  if (members === undefined) return undefined;
  const best = history.point(numbers[members[0]!]!);
  const kept = best.map((unit, index) => {
    const given = fixed?.[index] ?? NaN;
    return Number.isNaN(given) && parents.has(index) ? unit : given;
  });
  return { members, fixed: kept };
}

/** Which parameters are active, one digit each. */
const keyOf = (point: Point): string =>
  point.reduce((text, unit) => text + (Number.isNaN(unit) ? "0" : "1"), "");
