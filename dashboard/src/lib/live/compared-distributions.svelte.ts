import type { Study } from "@asktell/proto/asktell/v1/study_pb";
import { analyses } from "../api/analysis-client.ts";

/** Values, best first, and the share of trials at least as good as each. */
export interface StudyDistribution {
  readonly values: readonly number[];
  readonly shares: readonly number[];
}

const POINTS = 200; // of a curve

/** The distributions of the first objective of some studies by name, asked for again after each has changed. */
export function createComparedDistributions(studies: () => readonly Study[]) {
  let known = $state.raw<ReadonlyMap<string, StudyDistribution>>(new Map());
  const seen = new Map<string, bigint>();

  $effect(() => {
    const stop = new AbortController();
    for (const { name, revision } of studies()) {
      if (seen.get(name) === revision) continue;
      analyses.getDistribution({ study: name, size: POINTS }, { signal: stop.signal }).then(
        ({ values, shares }) => {
          seen.set(name, revision);
          known = new Map([...known, [name, { values, shares }]]);
        },
        // Whoever follows the studies says why they cannot be read.
        () => undefined,
      );
    }
    return () => stop.abort();
  });

  return {
    get all() {
      return known;
    },
  };
}
