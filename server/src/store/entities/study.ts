import { type InferEntity, defineEntity, p } from "@mikro-orm/core";
import { Project } from "./project.ts";

/** The wide, rarely written part of a study; what moves with each trial is in `study_clock`. */
export const Study = defineEntity({
  name: "Study",
  tableName: "study",
  uniques: [{ properties: ["project", "name"] }],
  properties: {
    id: p.bigint("number").primary().generated("by default as identity"),
    project: () => p.manyToOne(Project),
    name: p.text(),
    /** Tells a study from a later one of the same name, for caches. */
    uid: p.uuid().unique(),
    displayName: p.text().default(""),
    labels: p.json<Record<string, string>>().defaultRaw("'{}'::jsonb"),
    attributes: p.json<Record<string, unknown>>().defaultRaw("'{}'::jsonb"),
    note: p.text().default(""),
    /** One more with each change of the study's own fields. */
    version: p.integer().default(1),
    createdAt: p.datetime(6).defaultRaw("now()"),
    updatedAt: p.datetime(6).defaultRaw("now()"),
  },
});

export type Study = InferEntity<typeof Study>;

/** Each version of a study's specification; trials name the version that they were asked under. */
export const StudySpec = defineEntity({
  name: "StudySpec",
  tableName: "study_spec",
  properties: {
    studyId: p.bigint("number").primary(),
    version: p.integer().primary(),
    spec: p.json<unknown>(),
    createdAt: p.datetime(6).defaultRaw("now()"),
  },
});

export type StudySpec = InferEntity<typeof StudySpec>;
