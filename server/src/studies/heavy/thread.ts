import { Worker } from "node:worker_threads";
import { type Position, START, buffersOf, deltaSince } from "./history-delta.ts";
import type { Answer, Request } from "./messages.ts";
import type { Setup } from "./mirrors.ts";
import type { Subject, TaskArgs, TaskName } from "./tasks.ts";

/** A subject that a thread can mirror. Its sampler is another object when its specification has changed. */
export interface Mirrored extends Subject {
  readonly spec: { readonly sampler: Setup["sampler"] };
  readonly sources: Setup["sources"];
}

/** A worker thread, started with its first task and again after its death. */
export interface Thread {
  /**
   * Has one task done; only one at a time. The subject is read before this returns, and may change afterwards.
   * @throws ThreadDied
   */
  run(subject: Mirrored, name: TaskName, args: TaskArgs<TaskName>): Promise<Answer>;
  /** Ends the worker, and with ThreadDied what it works on. */
  stop(): Promise<void>;
}

/** The thread has ended before it answered; nothing is wrong with the task as far as anybody knows. */
export class ThreadDied extends Error {
  override readonly name = "ThreadDied";
}

/** Identities of mirrors, by sampler. */
const keys = new WeakMap<object, number>();
let nextKey = 0;

function keyOf({ sampler }: Subject): number {
  const key = keys.get(sampler) ?? nextKey++;
  keys.set(sampler, key);
  return key;
}

/** @param maxBytes - memory that the thread's mirrors may take */
export function createThread(maxBytes: number): Thread {
  let worker: Worker | undefined;
  /** How far each mirror has come, as far as this side knows; by sampler. */
  let positions = new WeakMap<object, Position>();
  let settle: ((answer: Answer | ThreadDied) => void) | undefined;

  function start(): Worker {
    const started = new Worker(new URL("worker.ts", import.meta.url), {
      workerData: { maxBytes },
      execArgv: [],
    });
    let cause: unknown;
    started.on("message", (answer: Answer) => settle?.(answer));
    started.on("error", (error) => (cause = error));
    started.once("exit", (code) => {
      worker = undefined;
      positions = new WeakMap();
      settle?.(new ThreadDied(`a worker thread ended with code ${code}`, { cause }));
    });
    return started;
  }

  return {
    async run(subject, name, args) {
      const running = (worker ??= start());
      const { space, history, sampler, spec, sources } = subject;
      const since = positions.get(sampler);
      const { delta, position } = deltaSince(history, since ?? START);
      const setup: Setup | undefined =
        since === undefined
          ? {
              parameters: space.parameters,
              linearConstraints: space.linear.constraints,
              objectives: history.objectives,
              constraints: history.constraints,
              sampler: spec.sampler,
              sources,
            }
          : undefined;
      const request: Request = { update: { key: keyOf(subject), setup, delta }, name, args };
      running.postMessage(request, buffersOf(delta));
      positions.set(sampler, position);
      // The process may end while its threads have nothing to do.
      running.ref();
      const answer = await new Promise<Answer | ThreadDied>((resolve) => (settle = resolve));
      settle = undefined;
      running.unref();
      if (answer instanceof ThreadDied) throw answer;
      // What could not be taken in is no mirror.
      if (answer.kind !== "done") positions.delete(sampler);
      return answer;
    },
    async stop() {
      await worker?.terminate();
    },
  };
}
