import type { MessageInitShape } from "@bufbuild/protobuf";
import { Goal } from "@asktell/proto/asktell/v1/study_pb";
import type { CreateStudyRequestSchema } from "@asktell/proto/asktell/v1/study_service_pb";

/** A first study for somebody who only wants to see how it goes. */
export const exampleStudy: MessageInitShape<typeof CreateStudyRequestSchema> = {
  studyId: "first-study",
  allowExisting: true,
  study: {
    displayName: "First study",
    objectives: [{ name: "loss", goal: Goal.MINIMIZE }],
    maxTrials: 50,
    parameters: [
      { name: "lr", domain: { case: "real", value: { low: 1e-5, high: 0.1, log: true } } },
      { name: "layers", domain: { case: "integer", value: { low: 1n, high: 6n } } },
      {
        name: "activation",
        domain: {
          case: "categorical",
          value: {
            choices: ["relu", "gelu", "tanh"].map((value) => ({
              kind: { case: "stringValue" as const, value },
            })),
          },
        },
      },
    ],
  },
};
