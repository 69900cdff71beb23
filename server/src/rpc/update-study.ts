import type { Study as WireStudy } from "@asktell/proto/asktell/v1/study_pb";
import { type FieldProblem, StudyError, invalid } from "../studies/errors.ts";
import type { Study, StudyFields } from "../studies/study.ts";
import type { StudySpec } from "../studies/spec.ts";
import { quote } from "./quote.ts";
import { specOf } from "./read-spec.ts";
import { attributesOf } from "./values.ts";

/** The paths of an update mask, and the specification's field that each one changes; undefined for fields beside it. */
const paths: ReadonlyMap<string, keyof StudySpec | keyof StudyFields> = new Map(
  Object.entries({
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
  } as const),
);

/** Unknown paths that are told one by one: a mask may have hundreds of thousands. */
const mostProblems = 100;

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
  const tell = (what: string) =>
    problems.push({
      field: "update_mask",
      description: `${what}: expected some of ${[...paths.keys()].join(", ")}`,
    });
  if (mask.length === 0) tell("names no field");
  for (const path of new Set(mask)) {
    const key = paths.get(path);
    if (key === undefined) tell(`${quote(path)} cannot be changed`);
    else if (Object.hasOwn(fields, key)) fields[key] = wanted[key];
    else spec[key] = wanted[key];
    if (problems.length === mostProblems) break;
  }
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
