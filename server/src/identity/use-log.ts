import type { TokenUse } from "../store/cold/tokens.ts";
import type { Log } from "../store/embedded/log.ts";

export interface UseLogOptions {
  /** Writes the last uses of all tokens at once. */
  readonly write: (uses: ReadonlyMap<number, TokenUse>) => Promise<void>;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** @default one minute */
  readonly intervalMs?: number;
}

/** Remembers when tokens were used, so that a use costs no write: one statement a minute writes them all. */
export interface UseLog {
  /** @param from - the caller's address */
  note(tokenId: number, from: string): void;
  flush(): Promise<void>;
  /** Flushes for the last time. */
  stop(): Promise<void>;
}

export function createUseLog({ write, log, now, intervalMs = 60_000 }: UseLogOptions): UseLog {
  let uses = new Map<number, TokenUse>();

  async function flush(): Promise<void> {
    if (uses.size === 0) return;
    const batch = uses;
    uses = new Map();
    try {
      await write(batch);
    } catch (error) {
      // Kept for the next minute, unless the token was used again since.
      uses = new Map([...batch, ...uses]);
      log.warn(
        `could not note when tokens were last used: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  const timer = setInterval(() => void flush(), intervalMs).unref();
  return {
    note: (tokenId, from) => void uses.set(tokenId, { at: new Date(now()), from }),
    flush,
    stop() {
      clearInterval(timer);
      return flush();
    },
  };
}
