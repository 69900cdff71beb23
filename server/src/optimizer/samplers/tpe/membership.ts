import type { History } from "../../history.ts";
import type { Layout } from "./kernel-rows.ts";
import { createOtherKernels, type OtherKernels } from "./other-kernels.ts";
import { createRanking, type Ranking } from "./ranking.ts";

/** Who is good and who is not, kept up to date with one history. */
export interface Membership {
  readonly others: OtherKernels;
  /** How many ended trials have a rank. */
  readonly ranked: number;
  /** The good trials, best first; the same array as long as they and their order are the same. */
  readonly good: readonly number[];
}

/**
 * Follows a history. Pending trials count among the others, so that points being tried are not proposed again (the
 * "constant liar"); failed ones stay there, which keeps away from where trials fail. A second history starts afresh.
 */
export function createFollower(layout: Layout): (history: History) => Membership {
  let state: State | undefined;
  return (history) => {
    if (state?.history !== history) state = createState(history, layout);
    update(state);
    return { others: state.others, ranked: state.ranking.count, good: state.good };
  };
}

interface State {
  readonly history: History;
  readonly others: OtherKernels;
  readonly ranking: Ranking;
  good: readonly number[];
  /** Trials that were pending when last seen: their points may have been dropped and replaced since. */
  readonly pending: Set<number>;
  epoch: number;
  size: number;
  position: number;
}

function createState(history: History, layout: Layout): State {
  return {
    history,
    others: createOtherKernels(layout),
    ranking: createRanking(history),
    good: [],
    pending: new Set(),
    epoch: history.epoch,
    size: 0,
    position: 0,
  };
}

function update(state: State): void {
  const { history, others, ranking, pending } = state;
  if (state.epoch !== history.epoch) {
    for (const number of pending) others.remove(number);
    for (const number of pending) {
      if (number < history.size) others.add(number, history.point(number));
      else pending.delete(number);
    }
    state.size = Math.min(state.size, history.size);
    others.truncate(state.size);
    state.epoch = history.epoch;
  }
  for (; state.size < history.size; state.size++) {
    others.add(state.size, history.point(state.size));
    pending.add(state.size);
  }
  const { ended } = history;
  if (state.position < ended.length) {
    for (; state.position < ended.length; state.position++) {
      ranking.add(ended[state.position]!);
      pending.delete(ended[state.position]!);
    }
    const good = ranking.good();
    if (good.length !== state.good.length || good.some((number, at) => number !== state.good[at])) {
      const before = new Set(state.good);
      for (const number of good) if (!before.delete(number)) others.remove(number);
      for (const number of before) others.add(number, history.point(number));
      state.good = good;
    }
  }
  others.settle();
}
