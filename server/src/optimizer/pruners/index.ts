import type { Objective } from "../history.ts";
import { type AshaOptions, createAshaPruner } from "./asha.ts";
import { createAutoPruner } from "./auto.ts";
import { type CurveOptions, createCurvePruner } from "./curve.ts";
import { createDominationPruner, type DominationOptions } from "./domination.ts";
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

/** How the kinds that can rank trials of several objectives compare them. */
const dominations: {
  readonly [K in PrunerSpec["kind"]]?: (spec: Extract<PrunerSpec, { kind: K }>) => DominationOptions;
} = {
  auto: () => quantile({}, 0.5, 0.1),
  median: (spec) => quantile(spec, 0.5, 0),
  percentile: (spec) => quantile(spec, (spec.percentile ?? 25) / 100, 0),
  asha: ({ minResource = 1, reductionFactor: factor = 4, minEarlyStoppingRate: skipped = 0 }) => ({
    keep: 1 / factor,
    startupTrials: 0,
    warmupSteps: 0,
    warmupShare: 0,
    firstStep: minResource * factor ** skipped,
    factor,
    countStopped: false,
  }),
};

/** The share `keep` of all trials goes on at each step; they are compared at steps that grow by the square root of two. */
function quantile(
  { startupTrials = 5, warmupSteps = 0 }: MedianOptions,
  keep: number,
  warmupShare: number,
): DominationOptions {
  const marks = { firstStep: 1, factor: Math.SQRT2, countStopped: true };
  return { keep, startupTrials, warmupSteps, warmupShare, ...marks };
}

/** The kinds that a study of several objectives can have. */
export const multiObjectivePrunerKinds: readonly string[] = ["none", ...Object.keys(dominations)];

/** The pruner of a study; with several objectives, a kind that watches only one stops nothing. */
export function createPruner(spec: PrunerSpec, objectives: readonly Objective[]): Pruner {
  if (objectives.length > 1) {
    const optionsOf = dominations[spec.kind] as ((spec: PrunerSpec) => DominationOptions) | undefined;
    return optionsOf === undefined ? createNonePruner() : createDominationPruner(objectives, optionsOf(spec));
  }
  const create = pruners[spec.kind] as Create<PrunerSpec["kind"]>; // the table pairs each kind with its own settings
  return create(spec, objectives);
}
