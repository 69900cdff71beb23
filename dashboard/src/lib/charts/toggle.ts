/** Takes a thing out of a set, or puts it in. */
export function toggle<T>(set: Set<T>, thing: T): void {
  if (!set.delete(thing)) set.add(thing);
}
