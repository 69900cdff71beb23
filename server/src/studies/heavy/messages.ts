import type { Update } from "./mirrors.ts";
import type { TaskArgs, TaskName, TaskResult } from "./tasks.ts";

/** To a worker thread, which works on one at a time. */
export interface Request {
  readonly update: Update;
  readonly name: TaskName;
  readonly args: TaskArgs<TaskName>;
}

/** From a worker thread, one a request. */
export type Answer =
  | { readonly kind: "done"; readonly result: TaskResult<TaskName> }
  /** The task, or taking in the update, has thrown. */
  | { readonly kind: "failed"; readonly error: unknown }
  /** The thread has no mirror to add the delta to: send the whole history. */
  | { readonly kind: "lost" };
