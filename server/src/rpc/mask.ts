import { create } from "@bufbuild/protobuf";
import { type Trial, TrialSchema } from "@asktell/proto/asktell/v1/trial_pb";
import { invalid } from "../studies/errors.ts";
import { quote } from "./quote.ts";

const fields = new Map(TrialSchema.fields.map((field) => [field.name, field]));

/** Reduces trials to the fields of a read mask; an empty mask keeps all. @throws StudyError INVALID_REQUEST for a mask with another field */
export function maskOf(paths: readonly string[]): (trial: Trial) => Trial {
  if (paths.length === 0) return (trial) => trial;
  // A mask may name a field any number of times, and lists have thousands of trials.
  const names = Array.from(new Set(paths), (path) => {
    const field = fields.get(path);
    if (field !== undefined) return field.localName as keyof Trial;
    const expected = [...fields.keys()].join(", ");
    const description = `${quote(path)} is no field of a trial: expected some of ${expected}`;
    throw invalid([{ field: "read_mask", description }]);
  });
  return (trial) => create(TrialSchema, Object.fromEntries(names.map((name) => [name, trial[name]])));
}
