/** What a caller may do in a project, each including those before it. Tokens have scopes, people have the role beside it. */
export const scopes = ["read", "work", "edit", "manage"] as const;

export type Scope = (typeof scopes)[number];

/** What people's rights in a project are called, from the narrowest to the widest. */
export const roles = ["viewer", "worker", "editor", "admin"] as const;

export type Role = (typeof roles)[number];

/** As the database and asktell.v1.Scope number them; `edit` came last. */
const numbers: Readonly<Record<Scope, number>> = { read: 1, work: 2, manage: 3, edit: 4 };

const scopeOfRole: Readonly<Record<Role, Scope>> = {
  viewer: "read",
  worker: "work",
  editor: "edit",
  admin: "manage",
};

/** Whether a caller with the scope `held` may do what needs the scope `needed`. */
export function covers(held: Scope, needed: Scope): boolean {
  return scopes.indexOf(held) >= scopes.indexOf(needed);
}

/** The widest of some scopes, undefined of none. */
export function widest(list: readonly Scope[]): Scope | undefined {
  return scopes.findLast((scope) => list.includes(scope));
}

/** As the database and asktell.v1.Scope number it. */
export function scopeNumber(scope: Scope): number {
  return numbers[scope];
}

/** Throws on a number that no version has written. */
export function scopeOf(number: number): Scope {
  const scope = scopes.find((known) => numbers[known] === number);
  if (scope === undefined) throw new RangeError(`no scope has the number ${number}`);
  return scope;
}

/** What a role allows. */
export function scopeFor(role: Role): Scope {
  return scopeOfRole[role];
}

/** The role that allows as much as a scope. */
export function roleFor(scope: Scope): Role {
  return roles[scopes.indexOf(scope)] ?? "viewer";
}

/** As the database and asktell.v1.Role number it: 1 viewer to 4 admin. */
export function roleNumber(role: Role): number {
  return roles.indexOf(role) + 1;
}

/** Throws on a number that no version has written. */
export function roleOf(number: number): Role {
  const role = roles[number - 1];
  if (role === undefined) throw new RangeError(`no role has the number ${number}`);
  return role;
}
