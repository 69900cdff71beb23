import type { Curve } from "../curve.ts";
import type { History } from "../history.ts";

/** What a pruner is asked when a report has arrived. */
export interface PruneRequest {
  readonly history: History;
  readonly number: number;
  /** The trial's reports so far, the newest included; at least one. */
  readonly curve: Curve;
}

/** What a pruner answers. */
export interface PruneDecision {
  readonly stop: boolean;
  /** One sentence for people when it stops, such as "best value 0.7 at step 5 is worse than the median 0.4". */
  readonly reason: string;
}

/**
 * Decides whether a running trial should stop early. One instance serves one study on one replica and may keep
 * state derived from the history and from the running curves that it was shown. Never throws, whatever the values.
 */
export interface Pruner {
  decide(request: PruneRequest): PruneDecision;
  /**
   * Shows the reports of a trial that runs elsewhere: on another replica, or before this instance was made. Only pruners
   * that compare with running trials have it, and they know every trial that they were asked about or that has ended, so
   * leaving a call out costs them sharpness, never correctness. The curve is read during the call and not kept.
   */
  observe?(request: PruneRequest): void;
}
