import type { Params } from "../optimizer/space/parameter.ts";

/** A point that a user wants tried; the sampler chooses what is left out. */
export interface TrialSeed {
  readonly params: Params;
  readonly attributes: Readonly<Record<string, unknown>>;
}
