import type { HandedTrial } from "../store/hot/tell.ts";

/** How many trials are remembered at most, far more than run at once; a power of two. */
const maxTrials = 2 ** 17;

/** What a trial with a few parameters takes, bytes. */
const trialBytes = 650;

/**
 * New trials as this replica has handed them out, until they are told: most are told here too, and what the tell answers of them need not be
 * read back.
 */
export interface HandedTrials {
  keep(trial: HandedTrial): void;
  /** The trial as its first worker got it; undefined when it is not known (any more). */
  take(number: number): HandedTrial | undefined;
  readonly bytes: number;
}

export function createHandedTrials(): HandedTrials {
  /** By number, from which so many are forgotten: a newer trial takes an old one's place. */
  const places: (HandedTrial | undefined)[] = [];
  let known = 0;
  return {
    keep(trial) {
      const place = trial.number % maxTrials;
      // Trials of other replicas leave gaps.
      while (places.length <= place) places.push(undefined);
      if (places[place] === undefined) known++;
      places[place] = trial;
    },
    take(number) {
      const place = number % maxTrials;
      const trial = places[place];
      if (trial?.number !== number) return undefined;
      places[place] = undefined;
      known--;
      return trial;
    },
    get bytes() {
      return known * trialBytes + places.length * 8;
    },
  };
}
