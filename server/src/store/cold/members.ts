import type { Orm } from "../orm.ts";
import { withTransaction } from "../pool.ts";
import { withRetry } from "../retry.ts";
import { query } from "./query.ts";

export interface MemberRow {
  readonly userId: number;
  readonly displayName: string;
  readonly email: string;
  /** The widest of both: 1 viewer to 4 admin. */
  readonly role: number;
  /** What an admin gave; undefined: nothing. */
  readonly given: number | undefined;
  /** What groups gave; undefined: nothing. */
  readonly byGroup: number | undefined;
  readonly since: Date;
}

/** One project of a user. */
export interface MembershipRow {
  readonly projectId: number;
  readonly projectName: string;
  readonly isPersonal: boolean;
  readonly role: number;
}

export interface UserRow {
  readonly id: number;
  readonly displayName: string;
  readonly email: string;
}

export interface MemberTable {
  membershipsOf(userId: number): Promise<MembershipRow[]>;
  findUser(userId: number): Promise<UserRow | undefined>;
  /** Users by an e-mail address that their provider vouches for, whatever its case. */
  findUsersByEmail(email: string): Promise<UserRow[]>;
  /** By user id, those after one. */
  list(filter: { projectId: number; after: number; limit: number }): Promise<MemberRow[]>;
  find(projectId: number, userId: number): Promise<MemberRow | undefined>;
  /** Gives a role by an admin's decision, over the one given before; false when the project would have no admin left. */
  give(projectId: number, userId: number, role: number): Promise<boolean>;
  /** Takes what an admin gave; false when the project would have no admin left. */
  take(projectId: number, userId: number): Promise<boolean>;
  /** Sets what a user's groups give: these roles in projects of these names, and nothing elsewhere. */
  setGroupRoles(userId: number, roles: readonly { project: string; role: number }[]): Promise<void>;
}

interface Row {
  user_id: number;
  display_name: string;
  email: string;
  given: number | null;
  by_group: number | null;
  since: Date;
}

const members = `
select m.user_id, u.display_name, u.email, min(m.created_at) as since,
  max(m.role) filter (where m.source = 1) as given, max(m.role) filter (where m.source = 2) as by_group
from project_member m join app_user u on u.id = m.user_id`;

/** Whether a user is admin by an admin's decision, and nobody else is admin at all. */
const lastAdmin = `
select exists (select from project_member where project_id = $1 and user_id = $2 and source = 1 and role = 4)
  and not exists (select from project_member where project_id = $1 and role = 4 and not (user_id = $2 and source = 1)) as is_last`;

/** Calls go on trying for `deadlineMs` while the database is away, then throw StoreUnavailableError. */
export function createMemberTable(orm: Orm, deadlineMs: number): MemberTable {
  const again = <R extends object>(text: string, values: readonly unknown[]) =>
    withRetry(() => query<R>(orm, text, values), { idempotent: true, deadlineMs });

  /**
   * Changes a membership, unless it takes the last admin. The project's row is locked by a statement of its own, so that of two admins
   * who demote each other at the same time the second sees what the first has done.
   */
  async function change(
    projectId: number,
    userId: number,
    keepsAdmin: boolean,
    text: string,
    more: readonly unknown[],
  ) {
    const pool = await orm.em.getConnection().getNativeClient();
    const attempt = () =>
      withTransaction(pool, async (client) => {
        await client.query("select from project where id = $1 for update", [projectId]);
        if (!keepsAdmin) {
          const { rows } = await client.query<{ is_last: boolean }>(lastAdmin, [projectId, userId]);
          if (rows[0]?.is_last === true) return false;
        }
        await client.query(text, [projectId, userId, ...more]);
        return true;
      });
    return withRetry(attempt, { idempotent: true, deadlineMs });
  }

  return {
    async membershipsOf(userId) {
      const rows = await again<{ id: number; name: string; is_personal: boolean; role: number }>(
        `select p.id, p.name, coalesce(p.personal_of_id = $1, false) as is_personal, max(m.role) as role
         from project_member m join project p on p.id = m.project_id where m.user_id = $1 group by p.id order by p.id`,
        [userId],
      );
      return rows.map(({ id, name, is_personal, role }) => ({
        projectId: id,
        projectName: name,
        isPersonal: is_personal,
        role,
      }));
    },

    async findUser(userId) {
      const rows = await again<UserColumns>("select id, display_name, email from app_user where id = $1", [
        userId,
      ]);
      return rows.map(toUser)[0];
    },

    async findUsersByEmail(email) {
      const rows = await again<UserColumns>(
        "select id, display_name, email from app_user where lower(email) = lower($1) and email_verified order by id limit 2",
        [email],
      );
      return rows.map(toUser);
    },

    async list({ projectId, after, limit }) {
      const rows = await again<Row>(
        `${members} where m.project_id = $1 and m.user_id > $2 group by m.user_id, u.display_name, u.email order by m.user_id limit $3`,
        [projectId, after, limit],
      );
      return rows.map(toMember);
    },

    async find(projectId, userId) {
      const rows = await again<Row>(
        `${members} where m.project_id = $1 and m.user_id = $2 group by m.user_id, u.display_name, u.email`,
        [projectId, userId],
      );
      return rows.map(toMember)[0];
    },

    give: (projectId, userId, role) =>
      change(
        projectId,
        userId,
        role === 4,
        `insert into project_member (project_id, user_id, source, role) values ($1, $2, 1, $3)
         on conflict (project_id, user_id, source) do update set role = excluded.role`,
        [role],
      ),

    take: (projectId, userId) =>
      change(
        projectId,
        userId,
        false,
        "delete from project_member where project_id = $1 and user_id = $2 and source = 1",
        [],
      ),

    async setGroupRoles(userId, roles) {
      await again(
        `with wanted as (
           select p.id, max(x.role) as role from unnest($2::text[], $3::smallint[]) as x(name, role) join project p on p.name = x.name group by p.id
         ), gone as (
           delete from project_member where user_id = $1 and source = 2 and project_id not in (select id from wanted)
         )
         insert into project_member (project_id, user_id, source, role) select id, $1, 2, role from wanted
         on conflict (project_id, user_id, source) do update set role = excluded.role where project_member.role <> excluded.role`,
        [userId, roles.map(({ project }) => project), roles.map(({ role }) => role)],
      );
    },
  };
}

interface UserColumns {
  id: number;
  display_name: string;
  email: string;
}

function toUser({ id, display_name, email }: UserColumns): UserRow {
  return { id, displayName: display_name, email };
}

function toMember(row: Row): MemberRow {
  return {
    userId: row.user_id,
    displayName: row.display_name,
    email: row.email,
    role: Math.max(row.given ?? 0, row.by_group ?? 0),
    given: row.given ?? undefined,
    byGroup: row.by_group ?? undefined,
    since: row.since,
  };
}
