import type { MemberRow, MemberTable } from "../store/cold/members.ts";
import { IdentityError } from "./errors.ts";
import { pageOf } from "./page.ts";
import { type Role, roleNumber, roleOf } from "./scope.ts";

/** A person in a project. */
export interface Member {
  readonly userId: number;
  readonly displayName: string;
  readonly email: string;
  /** The wider one of what an admin gave and what groups give. */
  readonly role: Role;
  /** What groups give; undefined: nothing. */
  readonly groupRole: Role | undefined;
  readonly since: Date;
}

export interface Members {
  /** By the order in which people first signed in. Throws TokenFieldError for a foreign page token. */
  listMembers(query: {
    projectId: number;
    pageSize?: number;
    pageToken?: string;
  }): Promise<{ members: Member[]; nextPageToken: string }>;
  /**
   * The number of a person.
   *
   * @param user - that number, or an e-mail address that the identity provider has verified
   * @throws IdentityError MEMBER_NOT_FOUND for a person who never signed in
   */
  findPerson(user: string): Promise<number>;
  /**
   * Gives a person a role, or another one.
   *
   * @param user - the user's number, or an e-mail address that the identity provider has verified
   * @throws IdentityError MEMBER_NOT_FOUND for a person who never signed in, LAST_ADMIN
   */
  addMember(projectId: number, user: string, role: Role): Promise<Member>;
  /** Throws IdentityError MEMBER_NOT_FOUND, LAST_ADMIN. */
  updateMember(projectId: number, userId: number, role: Role): Promise<Member>;
  /** Takes what an admin gave; what groups give stays. Throws IdentityError MEMBER_NOT_FOUND, LAST_ADMIN. */
  removeMember(projectId: number, userId: number): Promise<void>;
}

/** @param changed - told the users whose roles have changed */
export function createMembers(table: MemberTable, changed: (userId: number) => void): Members {
  async function find(projectId: number, userId: number): Promise<Member> {
    const row = await table.find(projectId, userId);
    if (row === undefined) throw new IdentityError("MEMBER_NOT_FOUND", `the project has no member ${userId}`);
    return toMember(row);
  }

  async function give(projectId: number, userId: number, role: Role): Promise<Member> {
    if (!(await table.give(projectId, userId, roleNumber(role)))) throw lastAdmin();
    changed(userId);
    return find(projectId, userId);
  }

  async function findPerson(user: string): Promise<number> {
    if (/^[1-9]\d{0,14}$/.test(user)) {
      const found = await table.findUser(Number(user));
      if (found !== undefined) return found.id;
    } else {
      const [found, another] = await table.findUsersByEmail(user);
      if (another !== undefined) {
        const message = `several people have the address ${JSON.stringify(user)}: name one by number`;
        throw new IdentityError("MEMBER_NOT_FOUND", message);
      }
      if (found !== undefined) return found.id;
    }
    const message = `nobody who has signed in is ${JSON.stringify(user)}: expected a verified e-mail address, or a user's number`;
    throw new IdentityError("MEMBER_NOT_FOUND", message);
  }

  return {
    findPerson,

    async listMembers({ projectId, pageSize, pageToken }) {
      const { limit, after = 0 } = pageOf(pageSize, pageToken);
      const rows = await table.list({ projectId, after, limit: limit + 1 });
      const members = rows.slice(0, limit).map(toMember);
      return { members, nextPageToken: rows.length > limit ? String(members.at(-1)?.userId) : "" };
    },

    addMember: async (projectId, user, role) => give(projectId, await findPerson(user), role),

    async updateMember(projectId, userId, role) {
      await find(projectId, userId);
      return give(projectId, userId, role);
    },

    async removeMember(projectId, userId) {
      await find(projectId, userId);
      if (!(await table.take(projectId, userId))) throw lastAdmin();
      changed(userId);
    },
  };
}

function lastAdmin(): IdentityError {
  return new IdentityError(
    "LAST_ADMIN",
    "the project would have no admin left: make somebody else admin first",
  );
}

function toMember({ userId, displayName, email, role, byGroup, since }: MemberRow): Member {
  const groupRole = byGroup === undefined ? undefined : roleOf(byGroup);
  return { userId, displayName, email, role: roleOf(role), groupRole, since };
}
