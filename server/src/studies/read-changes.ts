import type { TrialChange } from "../store/hot/changes.ts";
import type { Store } from "../store/store.ts";
import type { StudySpec } from "./spec.ts";

/** Rows a query: keeps one cold load of a large study from blocking the event loop in a single parse. */
const pageSize = 5_000;

/** The trials with numbers below `count`, in their order; undefined when there are fewer, which only a deleted study has. */
export async function readAllTrials(
  store: Store,
  id: number,
  { constraints }: StudySpec,
  count: number,
): Promise<TrialChange[] | undefined> {
  const metrics = constraints.map(({ metric }) => metric);
  const trials: TrialChange[] = [];
  while (trials.length < count) {
    const page = await store.trialsByNumber(id, trials.length, count, pageSize, metrics);
    if (page.length === 0) return undefined;
    trials.push(...page);
  }
  return trials;
}

/**
 * What has changed since a revision, by revision.
 *
 * @param known - how many trials the reader knows
 */
export async function readChangesSince(
  store: Store,
  id: number,
  { constraints }: StudySpec,
  revision: number,
  known: number,
): Promise<TrialChange[]> {
  const metrics = constraints.map(({ metric }) => metric);
  const changes: TrialChange[] = [];
  for (;;) {
    const from = changes.at(-1)?.revision ?? revision;
    const page = await store.changesSince(id, from, known, pageSize, metrics);
    changes.push(...page);
    if (page.length < pageSize) return changes;
  }
}
