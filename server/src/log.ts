import { type DestinationStream, type Logger, destination, pino, stdTimeFunctions } from "pino";
import { withoutSecrets } from "./identity/secret.ts";
import { formatForPeople } from "./log-text.ts";

/** The server's log: structured lines on standard error; standard output belongs to what a command answers. */
export type Log = Logger;

export interface LogOptions {
  readonly level: string;
  /** `auto` is text on a terminal and JSON elsewhere. */
  readonly format: "auto" | "json" | "text";
  /** @default standard error */
  readonly sink?: LogSink;
}

export interface LogSink {
  write(line: string): unknown;
  /** Writes what is still in memory, now. */
  flushSync(): void;
}

/**
 * Creates the log. Whatever any part of the program logs, tokens and the passwords of URLs are cut out on the way, for a
 * list of fields to hide would miss the ones inside messages.
 */
export function createLog({ level, format, sink = standardError() }: LogOptions): Log {
  const asText = format === "text" || (format === "auto" && process.stderr.isTTY);
  const stream: DestinationStream = {
    write(line) {
      const safe = redact(line);
      sink.write(asText ? formatForPeople(safe) : safe);
    },
  };
  return pino(
    {
      level,
      // The host name is the log collector's business, and the process says its id once at the start.
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    stream,
  );
}

/** @example redact("postgresql://u:p@h") is "postgresql://u:[redacted]@h" */
export function redact(text: string): string {
  return withoutSecrets(text).replace(/\b(\w+:\/\/[^\s:/@"]*):[^\s/@"]+@/g, "$1:[redacted]@");
}

/** Lines gather while the last write is under way, so that a slow reader does not stop the server. */
function standardError(): LogSink {
  const sink = destination({ dest: 2, sync: false });
  const flushSync = sink.flushSync.bind(sink);
  let isStuck = false;
  // A reader that went away (EPIPE) must not end the server.
  sink.on("error", () => (isStuck = true));
  sink.on("drain", () => (isStuck = false));
  // It tries for ever, and so would keep a server whose log's disk is full from ending. Pino calls it at the exit, too.
  sink.flushSync = () => {
    if (!isStuck) flushSync();
  };
  process.once("exit", () => flushQuietly(sink));
  return sink;
}

function flushQuietly(sink: LogSink): void {
  try {
    sink.flushSync();
  } catch {
    // Standard error is closed: there is nobody left to tell.
  }
}
