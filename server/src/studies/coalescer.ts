import { setImmediate as nextTurn } from "node:timers/promises";
import { classify } from "../store/retry.ts";
import { StudyError } from "./errors.ts";

export interface CoalescerOptions<Item, Answer> {
  /** Does all items in one go; answers one answer, or the error, an item, in order. */
  readonly run: (items: readonly Item[]) => Promise<readonly (Answer | Error)[]>;
  /** Two items of the same key never share a batch: the later one waits for the next. Undefined: no key. */
  readonly keyOf?: (item: Item) => string | undefined;
  /** Items in a batch at most. */
  readonly maxItems: number;
  /** Batches under way at once. One keeps batches in order. */
  readonly maxInFlight: number;
  /** The same while batches are slow. @default maxInFlight */
  readonly maxWhenSlow?: number;
  /**
   * When at least twice so many items wait, nothing is under way and batches are quick, a batch takes half of them, so that from then on
   * the answers of one half are made, and its callers call again, while the database works on the other. @default a batch takes all
   */
  readonly minShare?: number;
  /** Items waiting at most, about two seconds of work; more are refused with OVERLOADED. */
  readonly maxWaiting: number;
}

/** Batches that take longer wait for a slow disk or a busy machine, ms: then few large ones get more done than many small ones. */
const quickMs = 4;

interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Gathers the calls of one event-loop turn, and those that arrive while a batch is under way, into one statement: thousands a
 * second instead of the hundreds that one commit a call allows. A lone call is not delayed, for no timer is involved.
 */
export function createCoalescer<Item, Answer>(
  options: CoalescerOptions<Item, Answer>,
): (item: Item) => Promise<Answer> {
  let waiting: Waiting<Item, Answer>[] = [];
  let inFlight = 0;
  /** Batches that are done and whose callers have not heard of it yet. */
  let unanswered = 0;
  let isScheduled = false;
  /** Whether the newest batch was. */
  let isQuick = true;

  function mayBegin(): boolean {
    const most = isQuick ? options.maxInFlight : (options.maxWhenSlow ?? options.maxInFlight);
    return inFlight < most && waiting.length > 0;
  }

  function schedule(): void {
    if (isScheduled || !mayBegin()) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      begin();
      schedule();
    });
  }

  function begin(): void {
    if (!mayBegin()) return;
    inFlight++;
    void settle(take());
  }

  function take(): Waiting<Item, Answer>[] {
    const batch: Waiting<Item, Answer>[] = [];
    const later: Waiting<Item, Answer>[] = [];
    const keys = new Set<string>();
    const half = Math.ceil(waiting.length / 2);
    const isAlone = inFlight + unanswered === 1;
    const isHalved = isQuick && isAlone && half >= (options.minShare ?? Infinity);
    const limit = Math.min(isHalved ? half : Infinity, options.maxItems);
    for (const entry of waiting) {
      const key = options.keyOf?.(entry.item);
      if (batch.length === limit || (key !== undefined && keys.has(key))) {
        later.push(entry);
        continue;
      }
      if (key !== undefined) keys.add(key);
      batch.push(entry);
    }
    waiting = later;
    return batch;
  }

  async function settle(batch: readonly Waiting<Item, Answer>[]): Promise<void> {
    const start = performance.now();
    const answers = await attempt(batch);
    isQuick = performance.now() - start < quickMs;
    // One item that the database refuses must not fail its neighbours: each gets a statement of its own.
    if (answers instanceof Error && batch.length > 1 && isPermanent(answers)) {
      for (const entry of batch) give([entry], await attempt([entry]));
      inFlight--;
      schedule();
      return;
    }
    inFlight--;
    unanswered++;
    // What waited for this batch goes to the database before anybody hears of it; with slow batches, together with who calls again.
    if (isQuick && inFlight === 0) begin();
    if (inFlight > 0) await nextTurn();
    unanswered--;
    give(batch, answers);
    schedule();
  }

  async function attempt(
    batch: readonly Waiting<Item, Answer>[],
  ): Promise<readonly (Answer | Error)[] | Error> {
    try {
      return await options.run(batch.map(({ item }) => item));
    } catch (cause) {
      return cause instanceof Error ? cause : new Error(String(cause));
    }
  }

  function give(batch: readonly Waiting<Item, Answer>[], answers: readonly (Answer | Error)[] | Error): void {
    batch.forEach(({ resolve, reject }, index) => {
      const answer = answers instanceof Error ? answers : answers[index];
      if (answer instanceof Error) reject(answer);
      else resolve(answer as Answer);
    });
  }

  return (item) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= options.maxWaiting) {
        reject(
          new StudyError("OVERLOADED", "too much work is waiting on this server: try again in a second", {
            retryAfterMs: 1_000,
          }),
        );
        return;
      }
      waiting.push({ item, resolve, reject });
      schedule();
    });
}

/** Whether trying the same again would fail the same way. */
function isPermanent(error: Error): boolean {
  return !(error instanceof StudyError) && classify(error) === "permanent";
}
