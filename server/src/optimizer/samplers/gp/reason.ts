import type { Aim } from "./aim.ts";
import type { Branch } from "./branches.ts";
import type { View } from "./fits.ts";
import type { Suggested } from "./maximize-acquisition.ts";

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
  readonly place: Suggested["place"];
}

const BESIDE =
  "most promising of what differs from the best trial in one value, as the budget comes to its end,";

const OFF_AN_END =
  "the best trial with one number a little off the end of its range, as results have stopped improving";

/** Why a point was suggested, in one sentence. */
export function explain({ count, view, aim, isFeasible, sources, branch, place }: Account): string {
  if (place === "off an end") return OFF_AN_END;
  return (
    `${place === "beside" ? BESIDE : explainAim(aim, isFeasible)} by a Gaussian process on ${count} trials (${explainView(view)})` +
    sources +
    (branch === undefined ? "" : explainBranch(branch)) +
    (place === "another basin" ? ", near another trial than the best, where little is left to gain" : "") +
    (place === "ends" ? ", moved to ends of ranges, where the best trials are" : "")
  );
}

const explainView = ({ prior, warp, isByRatio }: View): string =>
  `${prior} lengths, ${warp} targets${isByRatio === true ? ", wide ranges by ratio" : ""}`;

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
