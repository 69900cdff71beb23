import { type InferEntity, defineEntity, p } from "@mikro-orm/core";

/** What a study took over from an earlier one when it was created; never changed. No reference: the earlier study may go. */
export const StudySource = defineEntity({
  name: "StudySource",
  tableName: "study_source",
  properties: {
    studyId: p.bigint("number").primary(),
    /** From 0, in the order in which the creator named them. */
    position: p.integer().primary(),
    /** The earlier study's full name at that time. */
    name: p.text(),
    trials: p.json<unknown>(),
  },
});

export type StudySource = InferEntity<typeof StudySource>;
