import type { Aim } from "./aim.ts";
import type { Branch } from "./branches.ts";
import type { View } from "./fits.ts";

/** What a user may want to know of a suggestion. */
export interface Account {
  /** Trials that the model has seen. */
  readonly count: number;
  readonly view: View;
  readonly aim: Aim;
  /** Whether any result counts. */
  readonly isFeasible: boolean;
  /** What earlier studies did; empty without any. */
  readonly sources: string;
  readonly branch: Branch | undefined;
  /** Whether the point differs from the best trial's in one value. */
  readonly isBeside: boolean;
  readonly isAnotherBasin: boolean;
}

const BESIDE =
  "most promising of what differs from the best trial in one value, as the budget comes to its end,";

/** Why a point was suggested, in one sentence. */
export function explain({
  count,
  view,
  aim,
  isFeasible,
  sources,
  branch,
  isBeside,
  isAnotherBasin,
}: Account): string {
  return (
    `${isBeside ? BESIDE : explainAim(aim, isFeasible)} by a Gaussian process on ${count} trials (${view.prior} lengths, ${view.warp} targets)` +
    sources +
    (branch === undefined ? "" : explainBranch(branch)) +
    (isAnotherBasin ? ", near another trial than the best, where little is left to gain" : "")
  );
}

function explainAim({ isOptimistic, isDaring }: Aim, isFeasible: boolean): string {
  if (isOptimistic) return "most promising when judged optimistically";
  if (!isFeasible) return "most likely to satisfy the constraints";
  return isDaring
    ? "most likely to be far better than the best, as results have stopped improving,"
    : "highest expected improvement";
}

function explainBranch({ idle }: Branch): string {
  const where = ", in another branch than the best trial's";
  return idle > 0 ? `${where}, where ${idle} trials have gained nothing of note` : where;
}
