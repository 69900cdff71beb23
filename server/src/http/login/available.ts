import { RateLimitError } from "../../identity/index.ts";
import { StoreUnavailableError } from "../../store/retry.ts";
import type { NodeResponse } from "../node-types.ts";
import { HttpRefusal } from "../refusal.ts";

/** Lets errors that pass with time be seen as such. @throws HttpRefusal 429 or 503 for them */
export async function available<T>(res: NodeResponse, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreUnavailableError)
      throw new HttpRefusal(503, "unavailable", "The database cannot be reached at the moment. Try again.");
    if (!(error instanceof RateLimitError)) throw error;
    res.setHeader("retry-after", Math.ceil(error.retryAfterMs / 1_000));
    throw new HttpRefusal(429, "resource_exhausted", `There were ${error.message}.`);
  }
}
