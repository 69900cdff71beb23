import { Goal, type Study } from "@asktell/proto/asktell/v1/study_pb";
import type { PrunerName, SamplerName } from "./algorithm-names.ts";
import { conditionTexts } from "./condition-form.ts";
import { durationText, HOUR, MINUTE } from "./duration-field.ts";
import { linearDraftFrom, type LinearDraft } from "./linear-form.ts";
import { splitStudyName } from "./names.ts";
import { outcomeDraftFrom, type OutcomeDraft } from "./outcome-form.ts";
import { newParameter, parameterDraftFrom, type ParameterDraft } from "./parameter-form.ts";

/** One objective as it is typed. */
export interface ObjectiveDraft {
  readonly key: number;
  name: string;
  goal: "minimize" | "maximize";
}

/** A study as it is typed: all text, so that half a number is no error yet. */
export interface StudyDraft {
  id: string;
  title: string;
  objectives: ObjectiveDraft[];
  parameters: ParameterDraft[];
  /** What results keep to. */
  outcomes: OutcomeDraft[];
  /** What parameters keep to together. */
  linearConstraints: LinearDraft[];
  /** Full names of earlier studies to begin from. */
  sources: string[];
  /** One more of them, as it is typed. */
  source: string;
  sampler: SamplerName;
  pruner: PrunerName;
  maxTrials: string;
  maxRunning: string;
  /** Hours. */
  maxDuration: string;
  target: string;
  patience: string;
  /** Minutes. */
  lease: string;
  maxAttempts: string;
  seed: string;
}

let keys = 0;

/** An objective to begin with. */
export function newObjective(name = ""): ObjectiveDraft {
  return { key: ++keys, name, goal: "minimize" };
}

/** An empty form. */
export function newDraft(): StudyDraft {
  const rate = { ...newParameter(), name: "learning_rate", low: "1e-5", high: "0.1", log: true };
  return {
    id: "",
    title: "",
    objectives: [newObjective("loss")],
    parameters: [rate],
    outcomes: [],
    linearConstraints: [],
    sources: [],
    source: "",
    sampler: "auto",
    pruner: "auto",
    maxTrials: "100",
    maxRunning: "",
    maxDuration: "",
    target: "",
    patience: "",
    lease: "",
    maxAttempts: "",
    seed: "",
  };
}

/** A form filled in with what another study has. */
export function draftFrom(study: Study): StudyDraft {
  const text = (value: number | undefined): string => (value === undefined ? "" : String(value));
  const parameters = study.parameters.map(parameterDraftFrom);
  const keyOf = (name: string) => parameters.find((parameter) => parameter.name === name)?.key;
  return {
    ...newDraft(),
    id: `${splitStudyName(study.name).study}-copy`.slice(-63),
    title: study.displayName === "" ? "" : `${study.displayName} (copy)`.slice(0, 200),
    objectives: study.objectives.map(({ name, goal }) => ({
      key: ++keys,
      name,
      goal: goal === Goal.MAXIMIZE ? "maximize" : "minimize",
    })),
    parameters: parameters.map((parameter, index) => ({
      ...parameter,
      ...conditionTexts(study.parameters[index]?.condition, keyOf),
    })),
    outcomes: study.constraints.map(outcomeDraftFrom),
    linearConstraints: study.linearConstraints.map(linearDraftFrom),
    sources: study.sources.map((source) => source.study),
    sampler: study.sampler?.sampler.case ?? "auto",
    pruner: study.pruner?.pruner.case ?? "auto",
    maxTrials: text(study.maxTrials),
    maxRunning: text(study.maxRunning),
    maxDuration: durationText(study.maxDuration, HOUR),
    target: text(study.targetValue),
    patience: text(study.patience),
    lease: durationText(study.leaseDuration, MINUTE),
    maxAttempts: text(study.maxAttempts),
  };
}
