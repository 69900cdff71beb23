import { type InferEntity, defineEntity, p } from "@mikro-orm/core";

/** A deleted study whose trials are still being removed, in chunks, by any replica. */
export const DeletedStudy = defineEntity({
  name: "DeletedStudy",
  tableName: "deleted_study",
  properties: {
    studyId: p.bigint("number").primary().autoincrement(false),
    deletedAt: p.datetime(6).defaultRaw("now()"),
  },
});

export type DeletedStudy = InferEntity<typeof DeletedStudy>;
