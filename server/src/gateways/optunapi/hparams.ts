import type { NodeResponse } from "../../http/node-types.ts";
import type { Parameter } from "../../optimizer/space/parameter.ts";
import { StudyError } from "../../studies/errors.ts";
import type { Study } from "../../studies/study.ts";
import type { Trial } from "../../studies/trial.ts";
import type { Answer } from "../answer.ts";
import { askOne } from "../ask-one.ts";
import { type Caller, studyOf as studyNamed } from "../caller.ts";
import type { GatewayContext } from "../context.ts";
import { valueJson } from "../python-number.ts";
import { configOf, studyOf, unknownModel } from "./model.ts";

/** `GET /optunapi/hparams/{model}`: a trial; the first call makes the study from the model's file. */
export async function hparams(
  context: GatewayContext,
  folder: string | undefined,
  caller: Caller,
  model: string,
  res: NodeResponse,
): Promise<Answer> {
  const { studies, leaseSeconds } = context;
  const ref = studyNamed(caller, model);
  const trial = await askOne(context, {
    ref,
    // Whoever put the file there has allowed the study: asking for it needs no more than asking.
    async newStudy() {
      const parameters = folder === undefined ? undefined : await configOf(model, folder);
      return parameters && studyOf(model, parameters, caller.projectId, leaseSeconds);
    },
    worker: "",
    caller,
    res,
  }).catch((error: unknown) => {
    throw error instanceof StudyError && error.reason === "STUDY_NOT_FOUND" ? unknownModel(model) : error;
  });
  const study = await studies.get(ref);
  const members = [
    `"model_name":${JSON.stringify(model)}`,
    `"trial_id":${trial.number}`,
    `"params":${paramsJson(study.spec.parameters, trial)}`,
    ...countsJson(study),
  ];
  return { json: `{${members.join(",")}}` };
}

/** Parameters in the order of the configuration, typed as Python tells them apart. */
export function paramsJson(parameters: readonly Parameter[], { params }: Pick<Trial, "params">): string {
  const members = parameters.flatMap(({ name, domain }) => {
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    return value === undefined ? [] : [`${JSON.stringify(name)}:${valueJson(domain, value)}`];
  });
  return `{${members.join(",")}}`;
}

export function countsJson({ clock: { counts } }: Study): string[] {
  return [`"running_trials":${counts.running}`, `"completed_trials":${counts.completed}`];
}
