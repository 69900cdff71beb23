import { PermissionError, ProjectNotFoundError } from "./errors.ts";
import { type Scope, covers, roleFor, widest } from "./scope.ts";

/** A project by its two keys: the database's, and the one that names are made of. */
export interface ProjectKey {
  readonly id: number;
  readonly name: string;
}

/** What a caller may do in one project. */
export interface Access {
  readonly project: ProjectKey;
  readonly scope: Scope;
  /** The only study that it reaches, by name; undefined: all of the project's. */
  readonly study: string | undefined;
}

/** Whose name an act carries: a program's token, a person's session, or whoever was given a link to look at a study. */
export interface Actor {
  readonly kind: "token" | "user" | "link";
  /** Of the token (a link is one, too) or of the user. */
  readonly id: number;
}

/** Who calls. */
export interface Principal {
  readonly actor: Actor;
  /** The token's or the user's, for logs. */
  readonly displayName: string;
  /** The project in which names without a project are looked up. */
  readonly project: ProjectKey;
  /** By name, every project that it may know of. */
  readonly access: ReadonlyMap<string, Access>;
  /** The token whose cap its asks count against; undefined: there is none. */
  readonly cappedBy?: number | undefined;
}

/** What a call needs. */
export interface Need {
  readonly scope: Scope;
  /** The call's name, for people. */
  readonly what: string;
}

/**
 * What the caller may do in a project, which is enough for what it wants there.
 *
 * @param name - the project's; undefined: the caller's own
 * @param study - the study's name; undefined: the project as a whole
 * @throws ProjectNotFoundError if the caller may not know of the project or study; PermissionError
 */
export function authorize(
  caller: Principal,
  name: string | undefined,
  study: string | undefined,
  need: Need,
): Access {
  const access = caller.access.get(name ?? caller.project.name);
  if (access === undefined) throw new ProjectNotFoundError(unseen(caller, name ?? caller.project.name));
  if (access.study !== undefined && study === undefined) {
    throw new PermissionError(
      caller.actor.kind,
      `${need.what} concerns the whole project; this ${noun(caller)} is for its study ${JSON.stringify(access.study)} alone`,
    );
  }
  if (access.study !== undefined && access.study !== study) {
    throw new ProjectNotFoundError(
      `this ${noun(caller)} sees no other study than ${JSON.stringify(access.study)}`,
    );
  }
  checkScope(caller, access.scope, need);
  return access;
}

/** Refuses before anything is read what the caller may do in no project at all. @throws PermissionError */
export function authorizeAnywhere(caller: Principal, need: Need): void {
  const held = widest([...caller.access.values()].map(({ scope }) => scope));
  checkScope(caller, held ?? "read", need);
}

function checkScope(caller: Principal, held: Scope, need: Need): void {
  if (covers(held, need.scope)) return;
  const { kind } = caller.actor;
  throw new PermissionError(
    kind,
    kind === "user"
      ? `${need.what} needs the role ${roleFor(need.scope)} in the project; yours is ${roleFor(held)}`
      : `${need.what} needs a token of scope ${need.scope}; this one (${caller.displayName}) has ${held}`,
  );
}

function unseen(caller: Principal, name: string): string {
  const project = JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}…` : name);
  if (caller.actor.kind === "user") return `there is no project ${project}, or you are no member of it`;
  return `this ${noun(caller)} sees no project ${project}; its own is ${JSON.stringify(caller.project.name)}`;
}

const noun = ({ actor }: Principal): string => (actor.kind === "link" ? "link" : "token");
