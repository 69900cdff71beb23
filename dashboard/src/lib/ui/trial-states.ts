import { BREAKING, COMPLETED, FAILED, INFEASIBLE, PRUNED, RUNNING, WAITING } from "../data/trial-columns.ts";
import type { Palette } from "./theme.svelte.ts";

/** How a state of a trial is named and drawn, everywhere. The shape alone tells the states apart; colour only helps. */
export interface TrialStateLook {
  readonly state: number;
  /** Name of its colour token, `--c-{key}`. */
  readonly key: keyof Palette & ("waiting" | "running" | "completed" | "pruned" | "failed" | "infeasible");
  readonly label: string;
  /** The name that filters use. */
  readonly filter: string;
  /** Outline within 4 px of the place where it begins, in relative commands: `M{x} {y}{path}`. Stroked or filled. */
  readonly path: string;
  readonly filled: boolean;
}

/** In the order in which charts draw and legends list them: completed trials last on charts, first in legends. */
export const trialStateLooks: readonly TrialStateLook[] = [
  {
    state: COMPLETED,
    key: "completed",
    label: "Completed",
    filter: "COMPLETED",
    filled: true,
    path: "m-3.2 0a3.2 3.2 0 1 0 6.4 0a3.2 3.2 0 1 0-6.4 0z",
  },
  {
    state: PRUNED,
    key: "pruned",
    label: "Pruned",
    filter: "PRUNED",
    filled: false,
    path: "m0-3.6l3.6 3.6l-3.6 3.6l-3.6-3.6z",
  },
  {
    state: RUNNING,
    key: "running",
    label: "Running",
    filter: "RUNNING",
    filled: true,
    path: "m-2.6-3.4l6.2 3.4l-6.2 3.4z",
  },
  {
    state: WAITING,
    key: "waiting",
    label: "Waiting",
    filter: "WAITING",
    filled: false,
    path: "m-2.9 0a2.9 2.9 0 1 0 5.8 0a2.9 2.9 0 1 0-5.8 0z",
  },
  {
    state: FAILED,
    key: "failed",
    label: "Failed",
    filter: "FAILED",
    filled: false,
    path: "m-3-3l6 6m-6 0l6-6",
  },
  {
    state: INFEASIBLE,
    key: "infeasible",
    label: "Infeasible",
    filter: "INFEASIBLE",
    filled: false,
    path: "m-3-3h6v6h-6zm0 6l6-6",
  },
];

const breakingLook: TrialStateLook = {
  state: BREAKING,
  key: "infeasible",
  label: "Breaks constraints",
  filter: "COMPLETED",
  filled: false,
  path: "m-2.9 0a2.9 2.9 0 1 0 5.8 0a2.9 2.9 0 1 0-5.8 0z",
};

/** The same for whatever charts tell apart: completed trials that break constraints follow those that do not. */
export const trialMarkLooks: readonly TrialStateLook[] = trialStateLooks.flatMap((look) =>
  look.state === COMPLETED ? [look, breakingLook] : [look],
);

const byState = new Map(trialMarkLooks.map((look) => [look.state, look]));

/** The look of a state or mark; unknown ones look like waiting. */
export function lookOf(state: number): TrialStateLook {
  const look = byState.get(state) ?? byState.get(WAITING);
  if (look === undefined) throw new Error("the table of states has no row for waiting");
  return look;
}
