import type { Answer } from "../answer.ts";
import { type Caller, createStudy, projectForNewStudy } from "../caller.ts";
import type { GatewayContext } from "../context.ts";
import { parseConfig } from "./config-file.ts";
import { studyOf } from "./model.ts";

/**
 * `PUT /optunapi/config/{model}` with a configuration file: makes the model's study. The same file again is fine; another one
 * is refused, for the parameters of a study never change.
 */
export async function upload(
  context: Pick<GatewayContext, "studies" | "identity" | "leaseSeconds">,
  caller: Caller,
  model: string,
  text: string,
): Promise<Answer> {
  const projectId = projectForNewStudy(caller);
  const { created } = await createStudy(
    context,
    caller,
    studyOf(model, parseConfig(text), projectId, context.leaseSeconds),
  );
  return { status: created ? 201 : 200, json: JSON.stringify({ model_name: model, created }) };
}
