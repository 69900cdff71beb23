import type { Params } from "../optimizer/space/parameter.ts";
import type { FormerPoint } from "../store/hot/trial-row.ts";

/** A trial's point now, and what it was before each edit, oldest first. */
export interface Edited {
  readonly params: Params;
  readonly formerPoints: readonly FormerPoint[];
}

/** The point that a trial had at a revision of its study. */
export function paramsAt({ params, formerPoints }: Edited, revision: number): Params {
  return formerPoints.find(({ until }) => until > revision)?.params ?? params;
}
