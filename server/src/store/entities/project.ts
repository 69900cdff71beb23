import { type InferEntity, defineEntity, p } from "@mikro-orm/core";
import { AppUser } from "./app-user.ts";

/** A project owns studies and tokens; a name of the API reads `projects/{name}/…`. */
export const Project = defineEntity({
  name: "Project",
  tableName: "project",
  properties: {
    id: p.bigint("number").primary().generated("by default as identity"),
    name: p.text().unique(),
    displayName: p.text().default(""),
    createdAt: p.datetime(6).defaultRaw("now()"),
    /** Whose own it is; null: shared. */
    personalOf: () => p.manyToOne(AppUser).nullable().unique().deleteRule("set null"),
  },
});

export type Project = InferEntity<typeof Project>;
