import { type Objective, OUTCOMES, type Trials, type TrialsSnapshot } from "./history.ts";
import { createPointIndex } from "./point-index.ts";
import type { Space } from "./space/space.ts";

/** The trials of a snapshot, taken of a history of the same space and objectives. */
export function restoreTrials(
  space: Space,
  objectives: readonly Objective[],
  { points, values, outcomes, violations, reports, ended }: TrialsSnapshot,
): Trials {
  const [width, depth] = [space.dimensions.length, objectives.length];
  const point = (number: number): Float64Array => points.subarray(number * width, (number + 1) * width);
  const index = createPointIndex(point);
  let indexed = 0;
  return {
    space,
    objectives,
    size: outcomes.length,
    ended,
    outcome: (number) => OUTCOMES[outcomes[number]!]!,
    point,
    values: (number) => values.subarray(number * depth, (number + 1) * depth),
    violation: (number) => violations[number]!,
    reports: (number) => reports[number]!,
    count(wanted, most) {
      for (; indexed < outcomes.length; indexed++) index.push();
      return index.count(wanted, most);
    },
  };
}
