import type { Objective } from "../history.ts";
import { createMedianPruner } from "./median.ts";
import { createNonePruner } from "./none.ts";
import type { Pruner } from "./pruner.ts";

/** Which pruner a study uses, with its settings. */
export type PrunerSpec =
  | { readonly kind: "auto" }
  | { readonly kind: "none" }
  | {
      readonly kind: "median";
      /** Completed trials to wait for before stopping any. Default 5. */
      readonly startupTrials?: number;
      /** No trial is stopped before it has reported this step. Default 0. */
      readonly warmupSteps?: number;
      /** Steps between two decisions about a trial. Default 1. */
      readonly intervalSteps?: number;
      /** Completed trials that must have reported a step before it decides. Default 1. */
      readonly minTrials?: number;
    };

type Create<K extends PrunerSpec["kind"]> = (
  spec: Extract<PrunerSpec, { kind: K }>,
  objectives: readonly Objective[],
) => Pruner;

const pruners: { readonly [K in PrunerSpec["kind"]]: Create<K> } = {
  auto: (_spec, objectives) => createMedianPruner(objectives, { warmupSteps: "auto", minTrials: 3 }),
  none: () => createNonePruner(),
  median: (spec, objectives) => createMedianPruner(objectives, spec),
};

/** Every kind of pruner there is. */
export const prunerKinds: readonly string[] = Object.keys(pruners);

export function createPruner(spec: PrunerSpec, objectives: readonly Objective[]): Pruner {
  switch (spec.kind) {
    case "auto":
      return pruners.auto(spec, objectives);
    case "none":
      return pruners.none(spec, objectives);
    case "median":
      return pruners.median(spec, objectives);
  }
}
