import { setTimeout as sleep } from "node:timers/promises";

/**
 * Why a statement or transaction failed, as far as trying again is concerned:
 * - `conflict`: rolled back by the server, because another transaction was in the way; trying again is right.
 * - `unreachable`: it never began, because there was no connection or no server that may write.
 * - `lost`: the connection broke under way; it may have been committed or not.
 * - `lock-timeout`: it waited too long for a lock; nothing was changed.
 * - `statement-timeout`: it took too long or was cancelled; trying again would do the same.
 * - `exhausted`: the server is out of disk or memory, or its files fail: people must act.
 * - `permanent`: the statement itself is wrong or violates a constraint.
 */
export type FailureKind =
  "conflict" | "unreachable" | "lost" | "lock-timeout" | "statement-timeout" | "exhausted" | "permanent";

/** SQLSTATEs (PostgreSQL documentation, appendix A); two characters stand for their whole class. */
const kindsByState: Readonly<Record<string, FailureKind>> = {
  "40001": "conflict", // serialization failure
  "40P01": "conflict", // deadlock
  "40003": "lost", // statement completion unknown
  "08": "lost",
  "08001": "unreachable",
  "08004": "unreachable",
  "57P01": "lost", // administrator's shutdown
  "57P02": "lost", // crash of another backend
  "57P03": "unreachable", // starting up or shutting down
  "57P05": "lost", // idle session timeout
  "25P03": "lost", // idle in transaction timeout
  "25006": "unreachable", // read only: a primary that was demoted
  "53300": "unreachable", // too many connections
  "55P03": "lock-timeout",
  "57014": "statement-timeout",
  "53": "exhausted",
  "58": "exhausted",
};

/** Of node-postgres, which gives these no code. Those of a statement that was never sent come first. */
const kindsByMessage: readonly (readonly [RegExp, FailureKind])[] = [
  [
    /not queryable|timeout exceeded when trying to connect|due to connection timeout|^timeout expired/,
    "unreachable",
  ],
  [/Connection terminated|Query read timeout|Connection ended unexpectedly/, "lost"],
];

const systemErrors = /^(ECONN\w+|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EAI_AGAIN|ENOTFOUND)$/;

/** Finds the kind of a failure; MikroORM's and other wrappers are looked through by `cause`. */
export function classify(error: unknown): FailureKind {
  if (!(error instanceof Error)) return "permanent";
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  // Before a connection stands nothing can have been sent. ENOENT is a Unix socket whose server is away.
  if ("syscall" in error && /^(connect|getaddrinfo)$/.test(String(error.syscall))) return "unreachable";
  if (systemErrors.test(code)) return "lost";
  const kind = kindsByState[code] ?? kindsByState[code.slice(0, 2)];
  if (kind !== undefined) return kind;
  if (code === "") {
    const known = kindsByMessage.find(([pattern]) => pattern.test(error.message));
    if (known !== undefined) return known[1];
    if (error.cause !== undefined) return classify(error.cause);
  }
  return "permanent";
}

/** The store cannot serve the call now. The original error is its cause. */
export class StoreUnavailableError extends Error {
  override readonly name = "StoreUnavailableError";
  readonly kind: FailureKind;
  /** Whether the change may have been made all the same; the caller's key tells at its next attempt. */
  readonly outcomeUnknown: boolean;

  constructor(kind: FailureKind, outcomeUnknown: boolean, cause: unknown) {
    super(
      `the database is not available (${kind}): ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
      },
    );
    this.kind = kind;
    this.outcomeUnknown = outcomeUnknown;
  }
}

export interface RetryOptions {
  /** Whether doing it twice is the same as once, such as by a key of the client. Without it, `lost` is not retried. */
  readonly idempotent: boolean;
  /** How long to go on trying, in milliseconds from the call. */
  readonly deadlineMs: number;
  /** Ends the waiting with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** How often a conflict and a lock timeout are tried again at most; the deadline bounds the others. */
const maxAttempts: Partial<Record<FailureKind, number>> = { conflict: 10, "lock-timeout": 3 };

/**
 * Runs `attempt` until it succeeds, its failure is not worth another try, or the deadline has passed. Each attempt must
 * be one statement or one transaction, so that a failed one has changed nothing (or, if `lost`, perhaps everything).
 *
 * @throws StoreUnavailableError for everything but `statement-timeout` and `permanent`, which pass through unchanged
 */
export async function withRetry<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  const deadline = performance.now() + options.deadlineMs;
  const failures: Partial<Record<FailureKind, number>> = {};
  let outcomeUnknown = false;
  for (;;) {
    options.signal?.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      const kind = classify(error);
      if (kind === "permanent" || kind === "statement-timeout") throw error;
      outcomeUnknown ||= kind === "lost";
      const count = (failures[kind] = (failures[kind] ?? 0) + 1);
      const delay = delayOf(kind, count);
      const hopeless =
        kind === "exhausted" ||
        (kind === "lost" && !options.idempotent) ||
        count > (maxAttempts[kind] ?? Infinity) ||
        performance.now() + delay > deadline;
      if (hopeless) throw new StoreUnavailableError(kind, outcomeUnknown, error);
      await wait(delay, options.signal);
    }
  }
}

/** Milliseconds. Half of each delay is random, lest replicas that failed together come back together. */
function delayOf(kind: FailureKind, count: number): number {
  const full = kind === "conflict" ? 50 : Math.min(50 * 2 ** (count - 1), 5_000);
  return kind === "conflict" ? 5 + Math.random() * (full - 5) : full / 2 + (Math.random() * full) / 2;
}

async function wait(delay: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(delay, undefined, signal === undefined ? {} : { signal }).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw error;
  });
}
