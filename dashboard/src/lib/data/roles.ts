import { Role } from "@asktell/proto/asktell/v1/access_pb";

/** The roles that people have in a project, from the narrowest to the widest. */
export const roles = [
  { value: Role.VIEWER, label: "Viewer", may: "Looks at studies, trials and analyses." },
  { value: Role.WORKER, label: "Worker", may: "Also asks for trials, reports and tells. For training jobs." },
  { value: Role.EDITOR, label: "Editor", may: "Also creates, changes, pauses and finishes studies." },
  { value: Role.ADMIN, label: "Admin", may: "Also manages members and tokens, and deletes studies." },
] as const;

export function roleLabel(role: Role): string {
  return roles.find(({ value }) => value === role)?.label ?? "None";
}
