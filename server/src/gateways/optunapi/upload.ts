import type { Studies } from "../../studies/index.ts";
import type { Answer } from "../answer.ts";
import { type Caller, projectForNewStudy } from "../caller.ts";
import { parseConfig } from "./config-file.ts";
import { studyOf } from "./model.ts";

/**
 * `PUT /optunapi/config/{model}` with a configuration file: makes the model's study. The same file again is fine; another one
 * is refused, for the parameters of a study never change.
 */
export async function upload(
  studies: Pick<Studies, "create">,
  caller: Caller,
  model: string,
  text: string,
  leaseSeconds: number,
): Promise<Answer> {
  const projectId = projectForNewStudy(caller, "this call");
  const { created } = await studies.create(studyOf(model, parseConfig(text), projectId, leaseSeconds));
  return { status: created ? 201 : 200, json: JSON.stringify({ model_name: model, created }) };
}
