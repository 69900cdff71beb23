import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Parameter } from "../../optimizer/space/parameter.ts";
import type { CreateOptions } from "../../studies/create-study.ts";
import { specDefaults } from "../../studies/spec.ts";
import { manyReplicates } from "../context.ts";
import { GatewayRefusal } from "../refusal.ts";
import { parseConfig } from "./config-file.ts";

/** A model is called as its study, and as its file: no slash, no leading dot. */
const modelPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** @throws GatewayRefusal 404 for what can be no model's name */
export function checkModel(model: string): string {
  if (modelPattern.test(model)) return model;
  throw unknownModel(model);
}

export function unknownModel(model: string): GatewayRefusal {
  return new GatewayRefusal(404, `there is no model ${JSON.stringify(model.slice(0, 100))}`);
}

/** The study of a model's configuration. OptunAPI always minimises. */
export function studyOf(
  model: string,
  parameters: readonly Parameter[],
  projectId: number,
  leaseSeconds: number,
): CreateOptions {
  return {
    projectId,
    name: model,
    displayName: "",
    labels: { gateway: "optunapi" },
    attributes: {},
    note: "",
    spec: {
      ...specDefaults,
      parameters,
      objectives: [{ name: "score", goal: "minimize" }],
      sampler: { kind: "tpe" },
      pruner: { kind: "none" },
      leaseSeconds,
      replicates: manyReplicates,
      seed: undefined,
    },
    allowExisting: true,
    validateOnly: false,
  };
}

/** The parameters that a folder's file says a model has; undefined if there is no such file. @throws GatewayRefusal 422 */
export async function configOf(model: string, folder: string): Promise<Parameter[] | undefined> {
  for (const extension of ["yaml", "yml"]) {
    const text = await readFile(join(folder, `${model}.${extension}`), "utf8").catch((error: unknown) => {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw error;
    });
    if (text !== undefined) return parseConfig(text);
  }
  return undefined;
}
