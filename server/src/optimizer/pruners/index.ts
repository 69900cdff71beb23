import type { Objective } from "../history.ts";
import { type AshaOptions, createAshaPruner } from "./asha.ts";
import { createAutoPruner } from "./auto.ts";
import { type CurveOptions, createCurvePruner } from "./curve.ts";
import { createHyperbandPruner, type HyperbandOptions } from "./hyperband.ts";
import { createMedianPruner, type MedianOptions } from "./median.ts";
import { createNonePruner } from "./none.ts";
import { createPashaPruner, type PashaOptions } from "./pasha.ts";
import { createPatiencePruner, type PatienceOptions } from "./patience.ts";
import { createPercentilePruner, type PercentileOptions } from "./percentile.ts";
import type { Pruner } from "./pruner.ts";
import { createThresholdPruner, type ThresholdOptions } from "./threshold.ts";
import { createWilcoxonPruner, type WilcoxonOptions } from "./wilcoxon.ts";

/** Which pruner a study uses, with its settings; each kind's own file documents them. */
export type PrunerSpec =
  | { readonly kind: "auto" }
  | { readonly kind: "none" }
  | ({ readonly kind: "median" } & MedianOptions)
  | ({ readonly kind: "percentile" } & PercentileOptions)
  | ({ readonly kind: "asha" } & AshaOptions)
  | ({ readonly kind: "hyperband" } & HyperbandOptions)
  | ({ readonly kind: "pasha" } & PashaOptions)
  | ({ readonly kind: "threshold" } & ThresholdOptions)
  | ({ readonly kind: "patience" } & PatienceOptions)
  | ({ readonly kind: "wilcoxon" } & WilcoxonOptions)
  | ({ readonly kind: "curve" } & CurveOptions);

type Create<K extends PrunerSpec["kind"]> = (
  spec: Extract<PrunerSpec, { kind: K }>,
  objectives: readonly Objective[],
) => Pruner;

const pruners: { readonly [K in PrunerSpec["kind"]]: Create<K> } = {
  auto: (_spec, objectives) => createAutoPruner(objectives),
  none: () => createNonePruner(),
  median: (spec, objectives) => createMedianPruner(objectives, spec),
  percentile: (spec, objectives) => createPercentilePruner(objectives, spec),
  asha: (spec, objectives) => createAshaPruner(objectives, spec),
  hyperband: (spec, objectives) => createHyperbandPruner(objectives, spec),
  pasha: (spec, objectives) => createPashaPruner(objectives, spec),
  threshold: (spec) => createThresholdPruner(spec),
  patience: (spec, objectives) => createPatiencePruner(objectives, spec),
  wilcoxon: (spec, objectives) => createWilcoxonPruner(objectives, spec),
  curve: (spec, objectives) => createCurvePruner(objectives, spec),
};

/** Every kind of pruner there is. */
export const prunerKinds: readonly string[] = Object.keys(pruners);

export function createPruner(spec: PrunerSpec, objectives: readonly Objective[]): Pruner {
  const create = pruners[spec.kind] as Create<PrunerSpec["kind"]>; // the table pairs each kind with its own settings
  return create(spec, objectives);
}
