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
  /**
   * When at least so many items wait for each batch that may still begin, they are dealt out evenly, so that answers are made of one batch
   * while the database works on another. @default all go into one batch
   */
  readonly minShare?: number;
  /** Items waiting at most, about two seconds of work; more are refused with OVERLOADED. */
  readonly maxWaiting: number;
}

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
  let isScheduled = false;

  function schedule(): void {
    if (isScheduled || inFlight >= options.maxInFlight || waiting.length === 0) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      const batch = take();
      inFlight++;
      void settle(batch).finally(() => {
        inFlight--;
        schedule();
      });
      schedule();
    });
  }

  function take(): Waiting<Item, Answer>[] {
    const batch: Waiting<Item, Answer>[] = [];
    const later: Waiting<Item, Answer>[] = [];
    const keys = new Set<string>();
    const share = Math.ceil(waiting.length / (options.maxInFlight - inFlight));
    const limit =
      share < (options.minShare ?? Infinity) ? options.maxItems : Math.min(share, options.maxItems);
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
    try {
      const answers = await options.run(batch.map(({ item }) => item));
      batch.forEach(({ resolve, reject }, index) => {
        const answer = answers[index];
        if (answer instanceof Error) reject(answer);
        else resolve(answer as Answer);
      });
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error(String(cause));
      // One item that the database refuses must not fail its neighbours: each gets a statement of its own.
      if (batch.length > 1 && !(error instanceof StudyError) && classify(error) === "permanent") {
        for (const entry of batch) await settle([entry]);
      } else {
        for (const { reject } of batch) reject(error);
      }
    }
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
