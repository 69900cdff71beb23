import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { Study } from "@asktell/proto/asktell/v1/study_pb";
import { compareNumbers } from "./compare-numbers.ts";
import { studyTitle } from "./names.ts";

/** What a list of studies can be sorted by. */
export type StudyKey = "name" | "best" | "trials" | "activity" | "created";

export interface StudyOrder {
  readonly key: StudyKey;
  readonly down: boolean;
}

/** What the list knows of a study besides the study itself. */
export interface StudyFigures {
  readonly best: number | undefined;
  /** Milliseconds since 1970. */
  readonly lastActivity: number | undefined;
}

/** The studies sorted; what has no value comes last in either direction. */
export function orderStudies(
  studies: readonly Study[],
  figures: ReadonlyMap<string, StudyFigures>,
  { key, down }: StudyOrder,
): Study[] {
  const direction = down ? -1 : 1;
  if (key === "name")
    return [...studies].sort((a, b) => direction * studyTitle(a).localeCompare(studyTitle(b)));
  const measure: Record<Exclude<StudyKey, "name">, (study: Study) => number> = {
    best: ({ name }) => figures.get(name)?.best ?? NaN,
    trials: ({ trialCounts }) => trialCounts?.total ?? 0,
    activity: ({ name }) => figures.get(name)?.lastActivity ?? NaN,
    created: ({ createTime }) => (createTime === undefined ? 0 : timestampMs(createTime)),
  };
  const by = measure[key];
  return [...studies].sort((a, b) => compareNumbers(by(a), by(b), direction));
}

/** What a click on a column's head asks for: the other direction, or another column with its most telling end first. */
export function nextOrder(order: StudyOrder, key: StudyKey): StudyOrder {
  return order.key === key ? { key, down: !order.down } : { key, down: key !== "name" };
}
