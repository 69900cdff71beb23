import type { Study as WireStudy } from "@asktell/proto/asktell/v1/study_pb";
import { type FieldProblem, StudyError, invalid } from "../studies/errors.ts";
import type { Study, StudyFields } from "../studies/study.ts";
import type { StudySpec } from "../studies/spec.ts";
import { quote } from "./quote.ts";
import { specOf } from "./read-spec.ts";
import { attributesOf } from "./values.ts";

/** The paths of an update mask, and the specification's field that each one changes; undefined for fields beside it. */
const paths: Readonly<Record<string, keyof StudySpec | keyof StudyFields>> = {
  display_name: "displayName",
  labels: "labels",
  attributes: "attributes",
  note: "note",
  sampler: "sampler",
  pruner: "pruner",
  max_trials: "maxTrials",
  max_running: "maxRunning",
  max_duration: "maxDurationSeconds",
  target_value: "targetValue",
  patience: "patience",
  max_failure_rate: "maxFailureRate",
  lease_duration: "leaseSeconds",
  max_attempts: "maxAttempts",
  replicates: "replicates",
};

/** What a study becomes when the masked fields of a message replace its own. @throws StudyError INVALID_REQUEST */
export function changedStudy(
  study: Study,
  wire: WireStudy,
  mask: readonly string[],
): StudyFields & { spec: StudySpec } {
  const wanted: Readonly<Record<string, unknown>> = {
    // Parameters may be absent from the message, but a specification has them: the study's own stand in.
    ...specOf(wire),
    displayName: wire.displayName,
    labels: wire.labels,
    attributes: attributesOf(wire.attributes, "study.attributes"),
    note: wire.note,
  };
  const fields: Record<string, unknown> = {
    displayName: study.displayName,
    labels: study.labels,
    attributes: study.attributes,
    note: study.note,
  };
  const spec: Record<string, unknown> = { ...study.spec };
  const problems: FieldProblem[] = [];
  for (const path of mask) {
    const key = paths[path];
    if (key === undefined) {
      problems.push({
        field: "update_mask",
        description: `${quote(path)} cannot be changed: expected some of ${Object.keys(paths).join(", ")}`,
      });
    } else if (key in fields) {
      fields[key] = wanted[key];
    } else {
      spec[key] = wanted[key];
    }
  }
  if (mask.length === 0)
    problems.push({
      field: "update_mask",
      description: `names no field: expected some of ${Object.keys(paths).join(", ")}`,
    });
  if (problems.length > 0) throw invalid(problems);
  return { ...(fields as unknown as StudyFields), spec: spec as unknown as StudySpec };
}

/** The version that an etag stands for; undefined for none. @throws StudyError ETAG_MISMATCH for one that no study has */
export function versionOf(etag: string): number | undefined {
  if (etag === "") return undefined;
  const version = Number(etag);
  if (Number.isSafeInteger(version)) return version;
  throw new StudyError("ETAG_MISMATCH", `${quote(etag)} is no etag of a study: read the study again`);
}
