import type { History } from "../../optimizer/history.ts";
import type { Sampler } from "../../optimizer/samplers/sampler.ts";
import type { Space } from "../../optimizer/space/space.ts";
import { type SuggestOptions, suggest } from "../../optimizer/suggest.ts";

/** What a task works on: a study, or a worker thread's mirror of it. Tasks only read it. */
export interface Subject {
  readonly space: Space;
  readonly history: History;
  readonly sampler: Sampler;
}

/**
 * The work that worker threads do: pure functions of a subject and of arguments. Arguments and results cross between
 * threads, so they are data (structured clone), never functions.
 */
export const tasks = {
  suggest: ({ space, history, sampler }: Subject, options: Omit<SuggestOptions, keyof Subject>) =>
    suggest({ space, history, sampler, ...options }),
} as const satisfies Record<string, (subject: Subject, args: never) => unknown>;

export type TaskName = keyof typeof tasks;
export type TaskArgs<K extends TaskName> = Parameters<(typeof tasks)[K]>[1];
export type TaskResult<K extends TaskName> = ReturnType<(typeof tasks)[K]>;

export function perform<K extends TaskName>(name: K, subject: Subject, args: TaskArgs<K>): TaskResult<K> {
  return tasks[name](subject, args) as TaskResult<K>; // the table pairs each name with its own types
}
