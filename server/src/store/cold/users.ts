import type { Orm } from "../orm.ts";
import { withRetry } from "../retry.ts";

export interface UserRow {
  readonly id: number;
  /** The provider's URL, or `local`. */
  readonly issuer: string;
  /** The issuer's own name for the person, which never changes hands. */
  readonly subject: string;
  readonly email: string;
  readonly emailVerified: boolean;
  readonly displayName: string;
  readonly groups: readonly string[];
}

export interface UserTable {
  /** Notes what the issuer says of a person who signs in, or whom it was asked about; makes the user at the first time. */
  save(user: Omit<UserRow, "id">): Promise<UserRow>;
}

/** Calls go on trying for `deadlineMs` while the database is away, then throw StoreUnavailableError. */
export function createUserTable(orm: Orm, deadlineMs: number): UserTable {
  return {
    async save(user) {
      const { issuer, subject, email, emailVerified, displayName, groups } = user;
      const save = async () => {
        const pool = await orm.em.getConnection().getNativeClient();
        const { rows } = await pool.query<{ id: string }>(
          `insert into app_user (issuer, subject, email, email_verified, display_name, groups, signed_in_at)
           values ($1, $2, $3, $4, $5, $6, now())
           on conflict (issuer, subject) do update set
             email = excluded.email, email_verified = excluded.email_verified,
             display_name = excluded.display_name, groups = excluded.groups, signed_in_at = excluded.signed_in_at
           returning id`,
          [issuer, subject, email, emailVerified, displayName, groups],
        );
        return Number(rows[0]?.id);
      };
      const id = await withRetry(save, { idempotent: true, deadlineMs });
      return { id, issuer, subject, email, emailVerified, displayName, groups };
    },
  };
}
