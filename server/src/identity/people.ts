import type { MemberTable } from "../store/cold/members.ts";
import { UserNotFoundError } from "./errors.ts";
import type { Access, Principal } from "./principal.ts";
import { defaultProjectName } from "./projects.ts";
import { createRecentCache } from "./recent-cache.ts";
import { type Role, roleNumber, roleOf, scopeFor } from "./scope.ts";

/** What being in a group of the identity provider gives. */
export interface GroupRole {
  /** The group's full path; with a slash at the end, every group below it. */
  readonly group: string;
  /** The project's name. */
  readonly project: string;
  readonly role: Role;
}

export interface People {
  /**
   * A signed-in user as a caller, with a role in each project. What is remembered is at most 5 seconds old.
   *
   * @throws UserNotFoundError for a user who was removed, or has no project
   */
  principalOfUser(userId: number): Promise<Principal>;
  /** Gives a user the roles that these groups stand for, and takes those of groups left; to be called at each login. */
  applyGroups(userId: number, groups: readonly string[]): Promise<void>;
}

export interface PeopleOptions {
  readonly members: MemberTable;
  readonly groupRoles: readonly GroupRole[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A change of roles reaches every replica within this time. */
const cacheMs = 5_000;
const maxEntries = 10_000;

/** @returns besides the use cases, `forget`, for changes made on this replica */
export function createPeople({
  members,
  groupRoles,
  now,
}: PeopleOptions): People & { forget(userId: number): void } {
  const known = createRecentCache<Principal>({ maxEntries, ttlMs: cacheMs, now });

  async function lookUp(userId: number): Promise<Principal> {
    const [user, memberships] = await Promise.all([members.findUser(userId), members.membershipsOf(userId)]);
    const home =
      memberships.find(({ isPersonal }) => isPersonal) ??
      memberships.find(({ projectName }) => projectName === defaultProjectName) ??
      memberships[0];
    if (user === undefined || home === undefined)
      throw new UserNotFoundError(`user ${userId} is not known any more`);
    const access = memberships.map(({ projectId, projectName, role }): [string, Access] => [
      projectName,
      { project: { id: projectId, name: projectName }, scope: scopeFor(roleOf(role)), study: undefined },
    ]);
    return {
      actor: { kind: "user", id: userId },
      displayName: user.displayName || user.email || `user ${userId}`,
      project: { id: home.projectId, name: home.projectName },
      access: new Map(access),
    };
  }

  const forget = (userId: number): void =>
    known.deleteWhere(({ actor }) => actor.kind === "user" && actor.id === userId);

  return {
    forget,

    async principalOfUser(userId) {
      const key = String(userId);
      const remembered = known.get(key);
      if (remembered !== undefined) return remembered;
      const since = now();
      const principal = await lookUp(userId);
      known.set(key, principal, since);
      return principal;
    },

    async applyGroups(userId, groups) {
      const given = groupRoles.filter(({ group }) =>
        groups.some((path) => (group.endsWith("/") ? path.startsWith(group) : path === group)),
      );
      await members.setGroupRoles(
        userId,
        given.map(({ project, role }) => ({ project, role: roleNumber(role) })),
      );
      forget(userId);
    },
  };
}
