import { type InferEntity, defineEntity, p } from "@mikro-orm/core";

/** Which trials of a study changed when; see `hot/change-log.ts`. A row a statement, and later one for a thousand changes. */
export const ChangeLog = defineEntity({
  name: "ChangeLog",
  tableName: "trial_change",
  properties: {
    studyId: p.bigint("number").primary(),
    /** The last change number here. No two rows of a study overlap. */
    lastSeq: p.bigint("number").primary(),
    firstSeq: p.bigint("number"),
    /** In the order of their changes. Only those count whose `seq` is from `first_seq` to `last_seq`. */
    numbers: p.array<number>().columnType("int[]"),
  },
});

export type ChangeLog = InferEntity<typeof ChangeLog>;
