import { availableParallelism } from "node:os";
import type { EngineLog } from "../engine-log.ts";
import { StudyError } from "../errors.ts";
import { type TaskArgs, type TaskName, type TaskResult, perform } from "./tasks.ts";
import { type Mirrored, type Thread, ThreadDied, createThread } from "./thread.ts";

export interface HeavyOptions {
  readonly log: EngineLog;
  /** At least one. @default one less than the machine's cores, with 256 MiB for copies of studies together */
  readonly threads?: readonly Thread[];
}

/**
 * Work that takes longer than other calls should wait for: done by worker threads, which keep copies of the studies that they work on.
 * A task whose thread dies is done again, by another one or, should that die too, on the main thread.
 */
export interface Heavy {
  /** Has a task done whose result somebody waits for. The subject must not change until it is there. */
  run<K extends TaskName>(subject: Mirrored, name: K, args: TaskArgs<K>): Promise<TaskResult<K>>;
  /** Has a task done that may turn out useful, once no thread has anything better to do and if it is wanted then. */
  speculate<K extends TaskName>(
    subject: Mirrored,
    name: K,
    args: TaskArgs<K>,
    isWanted: () => boolean,
  ): Speculation<TaskResult<K>>;
  /** Ends the threads, and refuses whoever waits. */
  stop(): Promise<void>;
}

export interface Speculation<T> {
  readonly hasBegun: boolean;
  /** Undefined: it was not wanted any more when its turn came, or failed. */
  readonly result: Promise<T | undefined>;
}

interface Job {
  readonly subject: Mirrored;
  readonly name: TaskName;
  readonly args: TaskArgs<TaskName>;
  /** Undefined for a task that somebody waits for. */
  readonly isWanted: (() => boolean) | undefined;
  readonly finished: PromiseWithResolvers<TaskResult<TaskName> | undefined>;
  hasBegun: boolean;
  deaths: number;
}

/** A task that has ended so many threads is done without one. */
const maxDeaths = 2;

export function createHeavy({ log, threads = createThreads() }: HeavyOptions): Heavy {
  const idle = [...threads];
  /** The thread that worked on a sampler's study last, and so has a copy that is nearly up to date. */
  const latest = new WeakMap<object, Thread>();
  const urgent: Job[] = [];
  const speculative: Job[] = [];
  let isStopped = false;

  function pump(): void {
    while (idle.length > 0) {
      const job = urgent.shift() ?? speculative.shift();
      if (job === undefined) return;
      if (job.isWanted?.() === false) {
        job.finished.resolve(undefined);
        continue;
      }
      const { sampler } = job.subject;
      const at = Math.max(0, idle.indexOf(latest.get(sampler) ?? idle[0]!));
      const [thread] = idle.splice(at, 1);
      latest.set(sampler, thread!);
      void work(thread!, job);
    }
  }

  async function work(thread: Thread, job: Job): Promise<void> {
    job.hasBegun = true;
    try {
      const answer = await thread.run(job.subject, job.name, job.args);
      if (answer.kind === "done") job.finished.resolve(answer.result);
      else if (answer.kind === "failed") giveUp(job, answer.error);
      // Its mirror was forgotten: the whole history goes next. Somebody may have begun to wait for a speculation.
      else urgent.unshift(job);
    } catch (error) {
      if (error instanceof ThreadDied && !isStopped) again(job, error);
      else giveUp(job, isStopped ? goingDown() : error);
    }
    idle.push(thread);
    pump();
  }

  function again(job: Job, error: ThreadDied): void {
    log.warn({ err: error, task: job.name }, "a worker thread died: its task is done again");
    if (job.isWanted !== undefined) return job.finished.resolve(undefined);
    if (++job.deaths < maxDeaths) return void urgent.unshift(job);
    try {
      job.finished.resolve(perform(job.name, job.subject, job.args));
    } catch (failure) {
      job.finished.reject(failure);
    }
  }

  /** Nobody waits for a speculation: whoever does the same task will see the same failure. */
  function giveUp(job: Job, error: unknown): void {
    if (job.isWanted === undefined) job.finished.reject(error);
    else job.finished.resolve(undefined);
  }

  function submit(
    subject: Mirrored,
    name: TaskName,
    args: TaskArgs<TaskName>,
    isWanted?: () => boolean,
  ): Job {
    const finished = Promise.withResolvers<TaskResult<TaskName> | undefined>();
    const job: Job = { subject, name, args, isWanted, finished, hasBegun: false, deaths: 0 };
    if (isStopped) giveUp(job, goingDown());
    else (isWanted === undefined ? urgent : speculative).push(job);
    pump();
    return job;
  }

  return {
    run: <K extends TaskName>(subject: Mirrored, name: K, args: TaskArgs<K>) =>
      submit(subject, name, args).finished.promise as Promise<TaskResult<K>>, // the task of that name answers it
    speculate<K extends TaskName>(subject: Mirrored, name: K, args: TaskArgs<K>, isWanted: () => boolean) {
      const job = submit(subject, name, args, isWanted);
      return {
        get hasBegun() {
          return job.hasBegun;
        },
        result: job.finished.promise as Promise<TaskResult<K> | undefined>,
      };
    },
    async stop() {
      isStopped = true;
      for (const job of [...urgent.splice(0), ...speculative.splice(0)]) giveUp(job, goingDown());
      await Promise.all(threads.map((thread) => thread.stop()));
    },
  };
}

function createThreads(): Thread[] {
  const count = Math.max(1, availableParallelism() - 1);
  return Array.from({ length: count }, () => createThread((256 * 2 ** 20) / count));
}

function goingDown(): StudyError {
  return new StudyError("OVERLOADED", "the server is going down: try again", { retryAfterMs: 1_000 });
}
