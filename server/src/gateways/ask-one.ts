import type { StudyRef } from "../studies/directory.ts";
import { StudyError } from "../studies/errors.ts";
import type { CreateOptions } from "../studies/create-study.ts";
import type { Trial } from "../studies/trial.ts";
import type { NodeResponse } from "../http/node-types.ts";
import { type Caller, createStudy } from "./caller.ts";
import { type GatewayContext, maxWaitMs } from "./context.ts";
import { GatewayRefusal, retryAfter } from "./refusal.ts";

export interface AskOne {
  readonly ref: StudyRef;
  /** What to create if the study is not there yet; undefined: refuse. */
  readonly newStudy: () => Promise<CreateOptions | undefined> | CreateOptions | undefined;
  readonly worker: string;
  readonly caller: Caller;
  /** The answer that waits for the trial: once it is closed, nobody does. */
  readonly res: NodeResponse;
}

/**
 * Asks for one trial of a study that the first ask creates. Any number of processes may be first at the same time.
 *
 * @throws GatewayRefusal 409 when the study has finished, 503 when it hands out nothing at the moment
 */
export async function askOne(
  context: Pick<GatewayContext, "studies" | "identity" | "shutdownSignal">,
  { ref, newStudy, worker, caller, res }: AskOne,
): Promise<Trial> {
  const { studies, shutdownSignal } = context;
  const gone = new AbortController();
  res.once("close", () => gone.abort());
  const signal = AbortSignal.any([gone.signal, shutdownSignal]);
  const ask = () =>
    studies.ask(ref, {
      count: 1,
      worker,
      requestId: "",
      fixed: {},
      leaseSeconds: undefined,
      resume: false,
      maxWaitMs,
      cappedBy: caller.principal.cappedBy,
      signal,
    });
  const answer = await ask().catch(async (error: unknown) => {
    if (!(error instanceof StudyError) || error.reason !== "STUDY_NOT_FOUND") throw error;
    const create = await newStudy();
    if (create === undefined) throw error;
    await createOnce(context, caller, create);
    return ask();
  });
  const [trial] = answer.trials;
  if (trial !== undefined) return trial;
  if (answer.studyState === "finished") throw new GatewayRefusal(409, `the study ${ref.name} has finished`);
  const why = answer.studyState === "paused" ? "is paused" : "hands out nothing until a running trial ends";
  throw new GatewayRefusal(503, `the study ${ref.name} ${why}`, retryAfter(answer.retryAfterMs));
}

async function createOnce(
  context: Pick<GatewayContext, "studies" | "identity">,
  caller: Caller,
  options: CreateOptions,
): Promise<void> {
  try {
    await createStudy(context, caller, options);
  } catch (error) {
    // Another replica, with other settings, was first: its study is this one, for the name says what it is.
    if (!(error instanceof StudyError) || error.reason !== "SPACE_MISMATCH") throw error;
  }
}
