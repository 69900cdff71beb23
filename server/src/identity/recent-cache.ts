/** A cache whose entries are good for a fixed time, of bounded size: the least recently used goes first. */
export interface RecentCache<Value> {
  get(key: string): Value | undefined;
  /** @param since when the value was true: the beginning of the look-up, not its end */
  set(key: string, value: Value, since: number): void;
  deleteWhere(matches: (value: Value) => boolean): void;
}

export interface RecentCacheOptions {
  readonly maxEntries: number;
  readonly ttlMs: number;
  /** Milliseconds. */
  readonly now: () => number;
}

export function createRecentCache<Value>(options: RecentCacheOptions): RecentCache<Value> {
  const { maxEntries, ttlMs, now } = options;
  // A Map keeps insertion order; each use inserts anew.
  const entries = new Map<string, { readonly value: Value; readonly since: number }>();

  return {
    get(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      entries.delete(key);
      const age = now() - entry.since;
      // A clock that was set back must not lengthen a life.
      if (age < 0 || age >= ttlMs) return undefined;
      entries.set(key, entry);
      return entry.value;
    },

    set(key, value, since) {
      entries.delete(key);
      entries.set(key, { value, since });
      if (entries.size <= maxEntries) return;
      for (const oldest of entries.keys()) {
        entries.delete(oldest);
        break;
      }
    },

    deleteWhere(matches) {
      for (const [key, { value }] of entries) if (matches(value)) entries.delete(key);
    },
  };
}
