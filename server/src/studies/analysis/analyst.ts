import { Worker } from "node:worker_threads";
import type { AnalysisKind, Answers, Questions } from "../../optimizer/analysis/analyse.ts";
import type { Objective, TrialsSnapshot } from "../../optimizer/history.ts";
import type { Parameter } from "../../optimizer/space/parameter.ts";
import { StudyError } from "../errors.ts";

/** A study's trials at one revision, as they go to the analyst. */
export interface Material {
  readonly parameters: readonly Parameter[];
  readonly objectives: readonly Objective[];
  readonly trials: TrialsSnapshot;
}

/** What the analyst's thread is asked. */
export interface Job {
  readonly id: number;
  /** Names a study at a revision. */
  readonly key: string;
  /** Undefined if it came with an earlier job of this key. */
  readonly material: Material | undefined;
  /** Keys that no later job will name. */
  readonly forget: readonly string[];
  readonly kind: AnalysisKind;
  readonly question: Questions[AnalysisKind];
}

export type JobAnswer =
  | { readonly id: number; readonly answer: Answers[AnalysisKind] }
  | { readonly id: number; readonly error: string };

/** Analyses in a thread of their own, one after the other, so that fitting a model delays nobody else's call. */
export interface Analyst {
  /** @param material - called if the thread does not know the key yet */
  analyse<K extends AnalysisKind>(
    key: string,
    material: () => Material,
    kind: K,
    question: Questions[K],
  ): Promise<Answers[K]>;
  stop(): Promise<void>;
}

/** Studies that the thread remembers with their models: 10,000 trials of 20 parameters take 2 MB. */
const remembered = 4;
/** Jobs that may wait, each some tens of milliseconds to a second long. */
const longestQueue = 64;

/** The thread starts with the first job and does not keep the process alive. */
export function createAnalyst(): Analyst {
  let worker: Worker | undefined;
  let nextId = 0;
  const keys = new Set<string>();
  const waiting = new Map<number, (answer: JobAnswer) => void>();

  function fail(failed: Worker, reason: string): void {
    if (worker !== failed) return;
    worker = undefined;
    keys.clear();
    const jobs = [...waiting];
    waiting.clear();
    for (const [id, settle] of jobs) settle({ id, error: reason });
  }

  function start(): Worker {
    const fresh = new Worker(new URL("./analyst-thread.ts", import.meta.url));
    fresh.unref();
    fresh.on("message", (answer: JobAnswer) => {
      const settle = waiting.get(answer.id);
      waiting.delete(answer.id);
      settle?.(answer);
    });
    fresh.on("error", (error) => fail(fresh, String(error)));
    fresh.on("exit", (code) => fail(fresh, `the thread ended with ${code}`));
    return fresh;
  }

  /** Which keys to forget so that there is room for a new one; the key that was named last stays longest. */
  function remember(key: string): string[] {
    keys.delete(key);
    keys.add(key);
    const forget = [...keys].slice(0, Math.max(0, keys.size - remembered));
    for (const old of forget) keys.delete(old);
    return forget;
  }

  return {
    async analyse(key, material, kind, question) {
      if (waiting.size >= longestQueue) {
        throw new StudyError("OVERLOADED", `${waiting.size} analyses are waiting already`, {
          retryAfterMs: 1_000,
        });
      }
      worker ??= start();
      const isKnown = keys.has(key);
      const forget = remember(key);
      const id = nextId++;
      const job: Job = { id, key, material: isKnown ? undefined : material(), forget, kind, question };
      const arrays = Object.values(job.material?.trials ?? {}) as Float64Array<ArrayBuffer>[];
      const answer = await new Promise<JobAnswer>((settle) => {
        waiting.set(id, settle);
        worker?.postMessage(
          job,
          arrays.map(({ buffer }) => buffer),
        );
      });
      if ("error" in answer) throw new Error(`an analysis failed: ${answer.error}`);
      // The thread answers what was asked: see `analyse`.
      return answer.answer as Answers[typeof kind];
    },
    async stop() {
      await worker?.terminate();
    },
  };
}
