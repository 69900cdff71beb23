import { specDefaults } from "../../server/src/studies/spec.ts";
import { studyOptions } from "../support/studies.ts";
import type { CreateOptions } from "../../server/src/studies/create-study.ts";

/** A small study for tests that are about who may do what. */
export function specOfTest(projectId: number, name: string): CreateOptions {
  return studyOptions(
    { projectId, name },
    {
      ...specDefaults,
      parameters: ["x", "y"].map((parameter) => ({
        name: parameter,
        domain: { kind: "real", low: 0, high: 1, log: false, step: undefined },
        condition: undefined,
        default: undefined,
      })),
      objectives: [{ name: "loss", goal: "minimize" }],
      sampler: { kind: "random" },
      pruner: { kind: "none" },
      seed: 1,
    },
  );
}
