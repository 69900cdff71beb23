export { deleteStudy, removeDeletedTrials } from "./delete.ts";
export { type NewStudy, insertStudy } from "./insert.ts";
export { type StudyFilter, listStudies } from "./list.ts";
export { readSpecs, readStudy, readStudyByName } from "./read.ts";
export type { StudyRecord } from "./record.ts";
export { type StudyChange, updateStudy } from "./update.ts";
