/** Where a target of the audit log leads on the dashboard. */
export type TargetPlace =
  | { readonly kind: "trial"; readonly project: string; readonly study: string; readonly number: string }
  | { readonly kind: "study"; readonly project: string; readonly study: string }
  | { readonly kind: "members" | "tokens" | "project"; readonly project: string };

/** An entry of the audit log, as far as its target goes. */
interface Entry {
  /** As the request named it, whole or within the log's own project. */
  readonly target: string;
  readonly method: string;
}

/** The whole resource name of a target. @param project the log's, `projects/{project}` */
export function wholeTarget({ target, method }: Entry, project: string): string {
  if (target === "" || target.startsWith("projects/")) return target;
  if (/^(studies|members|tokens)(\/|$)/.test(target)) return `${project}/${target}`;
  // A study by its short name, or a trial of it.
  return /\.(Study|Trial)Service\//.test(method) ? `${project}/studies/${target}` : target;
}

/** The page about a resource, by its whole name; undefined: there is none. */
export function placeOf(name: string): TargetPlace | undefined {
  const [, project, collection, id, number] =
    /^projects\/([^/]+)(?:\/([^/]+)(?:\/([^/]+)(?:\/trials\/(\d+))?)?)?$/.exec(name) ?? [];
  if (project === undefined) return undefined;
  if (collection === undefined) return { kind: "project", project };
  if (collection === "members" || collection === "tokens") return { kind: collection, project };
  if (collection !== "studies" || id === undefined) return undefined;
  return number === undefined
    ? { kind: "study", project, study: id }
    : { kind: "trial", project, study: id, number };
}

/** A whole name without the project that its log is of: `studies/mnist`. */
export function shortTarget(name: string, project: string): string {
  if (name === project) return "the project";
  return name.startsWith(`${project}/`) ? name.slice(project.length + 1) : name;
}
