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

/** What is wrong with an id that somebody chose for a study or project; undefined: nothing. */
export function idProblem(id: string): string | undefined {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(id)) return undefined;
  return id === ""
    ? "An id is needed."
    : "Letters, digits, dot, underscore and hyphen, beginning with a letter or digit; at most 63.";
}
