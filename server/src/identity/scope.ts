/** What a caller may do, each including those before it: the index is the number of asktell.v1.Scope, less one. */
export const scopes = ["read", "work", "manage"] as const;

export type Scope = (typeof scopes)[number];

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
  return scopes.indexOf(scope) + 1;
}

/** Throws on a number that no version has written. */
export function scopeOf(number: number): Scope {
  const scope = scopes[number - 1];
  if (scope === undefined) throw new RangeError(`no scope has the number ${number}`);
  return scope;
}
