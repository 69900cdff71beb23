import type { MessageInitShape } from "@bufbuild/protobuf";
import type { OutcomeConstraint, OutcomeConstraintSchema } from "@asktell/proto/asktell/v1/study_pb";

/** A bound on what trials tell besides their objectives, as it is typed. */
export interface OutcomeDraft {
  readonly key: number;
  metric: string;
  upper: string;
}

let keys = 0;

/** A bound to begin with. */
export function newOutcome(metric = "", upper = ""): OutcomeDraft {
  return { key: ++keys, metric, upper };
}

/** A bound of a study, as one would type it. */
export function outcomeDraftFrom({ metric, upper }: OutcomeConstraint): OutcomeDraft {
  return newOutcome(metric, String(upper));
}

/** The message of what was typed; tells what is wrong with it. @param problems gets that, by field, which begins with `field` */
export function outcomeFrom(
  { metric, upper }: OutcomeDraft,
  field: string,
  problems: Map<string, string>,
): MessageInitShape<typeof OutcomeConstraintSchema> {
  if (metric.trim() === "") problems.set(`${field}.metric`, "A name is needed.");
  if (upper.trim() === "" || !Number.isFinite(Number(upper)))
    problems.set(`${field}.upper`, "This is not a number.");
  return { metric: metric.trim(), upper: Number(upper) };
}
