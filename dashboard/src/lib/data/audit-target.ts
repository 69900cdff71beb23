/** Where a target of the audit log leads on the dashboard. */
export type TargetPlace =
  | { readonly kind: "trial"; readonly project: string; readonly study: string; readonly number: string }
  | { readonly kind: "study"; readonly project: string; readonly study: string }
  | { readonly kind: "members" | "tokens" | "project"; readonly project: string };

/** The page about a resource, by its name; undefined: there is none. */
export function placeOf(target: string): TargetPlace | undefined {
  const [, project, collection, id, below, number] =
    /^projects\/([^/]+)(?:\/([^/]+)\/([^/]+)(?:\/(trials)\/(\d+))?)?$/.exec(target) ?? [];
  if (project === undefined) return undefined;
  if (collection === undefined) return { kind: "project", project };
  if (collection === "studies" && id !== undefined) {
    return below === undefined || number === undefined
      ? { kind: "study", project, study: id }
      : { kind: "trial", project, study: id, number };
  }
  return collection === "members" || collection === "tokens" ? { kind: collection, project } : undefined;
}

/** A target without the project that its log is of: `studies/mnist`. */
export function shortTarget(target: string, project: string): string {
  return target === project
    ? "the project"
    : target.startsWith(`${project}/`)
      ? target.slice(project.length + 1)
      : target;
}
