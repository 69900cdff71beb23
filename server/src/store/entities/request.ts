import { type InferEntity, defineEntity, p } from "@mikro-orm/core";

/** The answer given to a keyed request, so that a retry gets the same one. */
export const Request = defineEntity({
  name: "Request",
  tableName: "request",
  indexes: [{ name: "request_created_at", properties: ["createdAt"] }],
  properties: {
    studyId: p.bigint("number").primary(),
    key: p.text().primary(),
    kind: p.smallint(),
    /** Hash of the request's content: the same key with other content is refused. */
    fingerprint: p.type("bytea").$type<Buffer>(),
    /** The trials that were answered, and their attempts then. */
    numbers: p.array<number>().columnType("int[]"),
    attempts: p.array<number>().columnType("int[]"),
    createdAt: p.datetime(6).defaultRaw("now()"),
  },
});

export type Request = InferEntity<typeof Request>;
