import { Code, ConnectError, type Client } from "@connectrpc/connect";
import type { StudyService, WatchStudyResponse } from "@asktell/proto/asktell/v1/study_service_pb";
import { describeProblem, type Problem } from "../api/problem.ts";

/** How the connection to a study stands. */
export type FollowStatus =
  | { readonly kind: "connecting" }
  | { readonly kind: "live" }
  /** Cut off; tried again at `retryAt` (milliseconds since 1970). */
  | { readonly kind: "waiting"; readonly problem: Problem; readonly retryAt: number }
  /** Given up: the study is gone or may not be read. */
  | { readonly kind: "ended"; readonly problem: Problem };

/** What {@link followStudy} needs. */
export interface FollowOptions {
  readonly study: string;
  /** Where to begin: the last message's cursor, or "0" for everything. */
  readonly cursor: string;
  /** Ends the following. */
  readonly signal: AbortSignal;
  /** Answers whether to go on, or to begin again with the first change: another study has got the name, and the cursor is none of its. */
  readonly onMessage: (message: WatchStudyResponse) => "on" | "again";
  readonly onStatus: (status: FollowStatus) => void;
  /** Ends early when it is worth trying again at once, such as when the network is back. */
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** The longest silence, in milliseconds, before the connection counts as lost; heartbeats come every 15 s. Default: 40 s. */
  readonly silence?: number;
}

/** The cursor of whoever has seen nothing. */
const START = "0";

const FIRST_WAIT = 500; // ms
const LONGEST_WAIT = 15_000; // ms

const final: ReadonlySet<Code> = new Set([
  Code.NotFound,
  Code.Unauthenticated,
  Code.PermissionDenied,
  Code.InvalidArgument,
  Code.Unimplemented,
]);

/**
 * Follows a study until the signal ends it: resumes from the last cursor after every cut, with waits that double up to 15 s
 * and vary, so that a thousand pages do not return in the same instant after a restart.
 * @returns the cursor to resume from
 */
export async function followStudy(
  client: Pick<Client<typeof StudyService>, "watchStudy">,
  options: FollowOptions,
): Promise<string> {
  const { study, signal, onMessage, onStatus, wait = pause, silence = 40_000 } = options;
  let cursor = options.cursor;
  let failures = 0;
  while (!signal.aborted) {
    const watchdog = createWatchdog(signal, silence);
    try {
      if (failures === 0) onStatus({ kind: "connecting" });
      for await (const message of client.watchStudy(
        { study, cursor, columns: true },
        { signal: watchdog.signal },
      )) {
        watchdog.pet();
        if (signal.aborted) break;
        const isOther = onMessage(message) === "again";
        cursor = isOther ? START : message.cursor;
        if (isOther) break;
        if (failures > 0 || watchdog.petted === 1) onStatus({ kind: "live" });
        failures = 0;
      }
      // A stream that ends without a word is no stream: a proxy in between, or a server on its way down.
      if (watchdog.petted === 0 && !signal.aborted)
        throw new ConnectError("the connection was closed", Code.Unavailable);
    } catch (error) {
      if (signal.aborted) break;
      const problem = describeProblem(watchdog.lost ?? error);
      const { code } = ConnectError.from(error);
      // Another study has got the name, and has seen fewer changes.
      if (code === Code.InvalidArgument && cursor !== START) {
        cursor = START;
        continue;
      }
      if (watchdog.lost === undefined && final.has(code)) {
        onStatus({ kind: "ended", problem });
        break;
      }
      const delay = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** failures) * (0.5 + Math.random() / 2);
      failures += 1;
      onStatus({ kind: "waiting", problem, retryAt: Date.now() + delay });
      await wait(delay, signal);
    } finally {
      watchdog.release();
    }
  }
  return cursor;
}

/**
 * A signal that ends with its parent, when nobody has petted it for `silence` milliseconds, or when the browser says that it is offline: a
 * stream over a network that is gone stays open for minutes.
 */
function createWatchdog(parent: AbortSignal, silence: number) {
  const controller = new AbortController();
  const dog = {
    signal: controller.signal,
    petted: 0,
    /** Why the connection counts as lost; undefined while it does not. */
    lost: undefined as ConnectError | undefined,
    pet,
    release,
  };
  const onParent = (): void => controller.abort();
  parent.addEventListener("abort", onParent, { once: true });
  let timer = setTimeout(onSilence, silence);
  globalThis.addEventListener?.("offline", onOffline);
  return dog;

  function pet(): void {
    dog.petted += 1;
    clearTimeout(timer);
    timer = setTimeout(onSilence, silence);
  }
  function onSilence(): void {
    lose("the server has been silent for too long");
  }
  function onOffline(): void {
    lose("this machine is offline");
  }
  function lose(why: string): void {
    dog.lost = new ConnectError(why, Code.Unavailable);
    controller.abort();
  }
  function release(): void {
    clearTimeout(timer);
    parent.removeEventListener("abort", onParent);
    globalThis.removeEventListener?.("offline", onOffline);
    controller.abort();
  }
}

/** Waits; returns early when the signal ends or the browser says that it is online again. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(finish, milliseconds);
    signal.addEventListener("abort", finish, { once: true });
    globalThis.addEventListener?.("online", finish, { once: true });
    function finish(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", finish);
      globalThis.removeEventListener?.("online", finish);
      resolve();
    }
  });
}
