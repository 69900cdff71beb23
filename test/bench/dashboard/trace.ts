/** What a trace of Chromium says about one page; milliseconds since its navigation began. */
export interface PageTrace {
  readonly firstPaint: number;
  readonly largestPaint: number;
  /** Tasks of the thread that runs the page's scripts and draws it. */
  readonly tasks: readonly { readonly start: number; readonly duration: number }[];
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  readonly args?: { readonly data?: { readonly documentLoaderURL?: string; readonly url?: string } };
}

/** Reads a trace; the page is the one whose address has this path. */
export function readTrace(bytes: Buffer, path: string): PageTrace {
  const { traceEvents } = JSON.parse(bytes.toString()) as { traceEvents: TraceEvent[] };
  const begun = traceEvents.findLast(
    ({ name, args }) => name === "navigationStart" && args?.data?.documentLoaderURL?.includes(path) === true,
  );
  if (begun === undefined) throw new Error(`the trace holds no navigation to ${path}`);
  const since = ({ ts }: TraceEvent): number => (ts - begun.ts) / 1_000;
  const own = traceEvents.filter(({ pid, ts }) => pid === begun.pid && ts >= begun.ts);
  const paint = own.find(({ name }) => name === "firstContentfulPaint");
  const largest = own.findLast(({ name }) => name === "largestContentfulPaint::Candidate");
  return {
    firstPaint: paint === undefined ? NaN : since(paint),
    largestPaint: largest === undefined ? NaN : since(largest),
    tasks: own
      .filter(({ name, tid }) => tid === begun.tid && name.endsWith("RunTask"))
      .map((task) => ({ start: since(task), duration: (task.dur ?? 0) / 1_000 })),
  };
}
