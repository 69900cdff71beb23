import type { Trial } from "@asktell/proto/asktell/v1/trial_pb";
import type { ExportStudyResponse, SourceResults } from "@asktell/proto/asktell/v1/study_service_pb";
import type { Source } from "../optimizer/sources.ts";
import { trialState } from "../store/states.ts";
import type { ReplayTrial } from "../studies/replay.ts";
import type { StudySpec } from "../studies/spec.ts";
import { specOf } from "./read-spec.ts";
import { paramsOf } from "./values.ts";

/** A study as ExportStudy told it. */
export interface ExportedStudy {
  /** The versions of the specification, the first one being version 1. */
  readonly specs: readonly StudySpec[];
  readonly trials: readonly ReplayTrial[];
  /** What it took over from earlier studies. */
  readonly sources: readonly Source[];
}

/** What replaying needs of an export. @throws Error for an export that is not whole */
export function readExport(messages: Iterable<ExportStudyResponse>): ExportedStudy {
  const specs: StudySpec[] = [];
  const trials: ReplayTrial[] = [];
  const sources: Source[] = [];
  for (const { item } of messages) {
    if (item.case === "trial") trials.push(replayTrialOf(item.value));
    if (item.case === "source") sources.push(sourceOf(item.value));
    if (item.case !== "spec") continue;
    const { version, study } = item.value;
    if (version !== specs.length + 1 || study === undefined)
      throw new Error(`version ${specs.length + 1} of the specification is missing`);
    const { seed, ...spec } = specOf(study);
    if (seed === undefined) throw new Error(`version ${version} of the specification has no seed`);
    specs.push({ ...spec, seed });
  }
  const numbers = new Set(trials.map(({ number }) => number));
  for (let number = 0; number < numbers.size; number++)
    if (!numbers.has(number)) throw new Error(`trial ${number} is missing`);
  return { specs, trials, sources };
}

function sourceOf({ study, trials }: SourceResults): Source {
  return {
    name: study,
    trials: trials.map(({ number, params, loss }) => ({ number, params: paramsOf(params, "params"), loss })),
  };
}

function replayTrialOf(trial: Trial): ReplayTrial {
  const { number, values, violation, metrics, measurements, suggestion } = trial;
  const fixed = suggestion?.fixedParams;
  return {
    number,
    values,
    violation,
    metrics,
    state: trialState(trial.state),
    params: paramsOf(trial.params, "params"),
    formerPoints: trial.formerPoints.map(({ params, untilRevision }) => ({
      params: paramsOf(params, "former_points.params"),
      until: Number(untilRevision),
    })),
    curve: {
      steps: measurements.map(({ step }) => step),
      values: measurements.map(({ values: [first = NaN] }) => first),
    },
    endRevision: Number(trial.endRevision),
    sampler: suggestion?.sampler ?? "",
    historyRevision: Number(suggestion?.historyRevision ?? 0n),
    specVersion: suggestion?.specVersion ?? 0,
    fixed: fixed === undefined ? undefined : paramsOf(fixed, "fixed_params"),
  };
}
