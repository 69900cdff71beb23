import { create } from "@bufbuild/protobuf";
import { type Trial, TrialSchema } from "@asktell/proto/asktell/v1/trial_pb";
import { invalid } from "../studies/errors.ts";
import { quote } from "./quote.ts";

const fields = new Map(TrialSchema.fields.map((field) => [field.name, field]));

/** A trial with only the fields of a read mask; an empty mask keeps all. @throws StudyError INVALID_REQUEST */
export function masked(trial: Trial, mask: readonly string[]): Trial {
  if (mask.length === 0) return trial;
  const kept: Record<string, unknown> = {};
  for (const path of mask) {
    const field = fields.get(path);
    if (field === undefined) {
      throw invalid([
        {
          field: "read_mask",
          description: `${quote(path)} is no field of a trial: expected some of ${[...fields.keys()].join(", ")}`,
        },
      ]);
    }
    kept[field.localName] = trial[field.localName as keyof Trial];
  }
  return create(TrialSchema, kept);
}
