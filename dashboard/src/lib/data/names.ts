/** Resource names: `projects/{project}/studies/{study}/trials/{number}`; the dashboard's addresses are the same with a slash before. */

/** The parts of a study's resource name. */
export function splitStudyName(name: string): { project: string; study: string } {
  const [, project = "", , study = ""] = name.split("/");
  return { project, study };
}

/** What a study is called on the page: its display name, else its id. */
export function studyTitle(study: { readonly name: string; readonly displayName: string }): string {
  return study.displayName === "" ? splitStudyName(study.name).study : study.displayName;
}
