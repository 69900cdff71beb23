import { COMPLETED, FAILED, INFEASIBLE, PRUNED, RUNNING, WAITING } from "../data/trial-columns.ts";
import type { Palette } from "./theme.svelte.ts";

/** How a state of a trial is named and drawn, everywhere. The shape alone tells the states apart; colour only helps. */
export interface TrialStateLook {
  readonly state: number;
  /** Name of its colour token, `--c-{key}`. */
  readonly key: keyof Palette & ("waiting" | "running" | "completed" | "pruned" | "failed" | "infeasible");
  readonly label: string;
  /** The name that filters use. */
  readonly filter: string;
  /** Outline around (0, 0), within 4 px; stroked or filled. */
  readonly path: string;
  readonly filled: boolean;
}

/** In the order in which charts draw and legends list them: completed trials last on charts, first in legends. */
export const trialStateLooks: readonly TrialStateLook[] = [
  { state: COMPLETED, key: "completed", label: "Completed", filter: "COMPLETED", filled: true, path: "M-3.2 0a3.2 3.2 0 1 0 6.4 0a3.2 3.2 0 1 0 -6.4 0Z" },
  { state: PRUNED, key: "pruned", label: "Pruned", filter: "PRUNED", filled: false, path: "M0 -3.6L3.6 0L0 3.6L-3.6 0Z" },
  { state: RUNNING, key: "running", label: "Running", filter: "RUNNING", filled: true, path: "M-2.6 -3.4L3.6 0L-2.6 3.4Z" },
  { state: WAITING, key: "waiting", label: "Waiting", filter: "WAITING", filled: false, path: "M-2.9 0a2.9 2.9 0 1 0 5.8 0a2.9 2.9 0 1 0 -5.8 0Z" },
  { state: FAILED, key: "failed", label: "Failed", filter: "FAILED", filled: false, path: "M-3 -3L3 3M-3 3L3 -3" },
  { state: INFEASIBLE, key: "infeasible", label: "Infeasible", filter: "INFEASIBLE", filled: false, path: "M-3 -3H3V3H-3ZM-3 3L3 -3" },
];

const byState = new Map(trialStateLooks.map((look) => [look.state, look]));

/** The look of a state; unknown ones look like waiting. */
export function lookOf(state: number): TrialStateLook {
  const look = byState.get(state) ?? byState.get(WAITING);
  if (look === undefined) throw new Error("the table of states has no row for waiting");
  return look;
}
