import { type Objective, createHistory } from "../../optimizer/history.ts";
import { type SamplerSpec, createSampler } from "../../optimizer/samplers/index.ts";
import type { Source } from "../../optimizer/sources.ts";
import type { LinearConstraint } from "../../optimizer/space/linear.ts";
import type { Parameter } from "../../optimizer/space/parameter.ts";
import { createSpace } from "../../optimizer/space/space.ts";
import { type HistoryDelta, applyDelta } from "./history-delta.ts";
import type { Subject } from "./tasks.ts";

/** What a mirror is made from, before any trial. */
export interface Setup {
  readonly parameters: readonly Parameter[];
  readonly linearConstraints: readonly LinearConstraint[];
  readonly objectives: readonly Objective[];
  /** How many constraints the outcomes have. */
  readonly constraints: number;
  readonly sampler: SamplerSpec;
  readonly sources: readonly Source[];
}

/** How to bring a mirror up to date. */
export interface Update {
  /** Identity of the subject; never used for another. */
  readonly key: number;
  /** Given when the delta begins at nothing: the mirror is made anew. */
  readonly setup: Setup | undefined;
  readonly delta: HistoryDelta;
}

/** A thread's copies of studies. */
export interface Mirrors {
  /** The mirror after the update; undefined when it is not there (any more) and the update does not begin at nothing. */
  update(update: Update): Subject | undefined;
}

/** @param maxBytes - memory that histories may take; the least recently used mirror goes first */
export function createMirrors(maxBytes: number): Mirrors {
  // A Map keeps the order of insertion, so its first entry is the least recently used one.
  const mirrors = new Map<number, Subject>();
  return {
    update({ key, setup, delta }) {
      const mirror = setup === undefined ? mirrors.get(key) : create(setup);
      // Until the update has succeeded there is none: half of one would be wrong for ever.
      mirrors.delete(key);
      if (mirror === undefined) return undefined;
      applyDelta(mirror.history, delta);
      mirrors.set(key, mirror);
      let total = 0;
      for (const kept of mirrors.values()) total += bytesOf(kept);
      for (const [oldest, kept] of mirrors) {
        if (total <= maxBytes || mirrors.size === 1) break;
        total -= bytesOf(kept);
        mirrors.delete(oldest);
      }
      return mirror;
    },
  };
}

function create({
  parameters,
  linearConstraints,
  objectives,
  constraints,
  sampler,
  sources,
}: Setup): Subject {
  const space = createSpace(parameters, linearConstraints);
  return {
    space,
    history: createHistory(space, objectives, constraints),
    sampler: createSampler(sampler, space, objectives, sources),
  };
}

/** With what else a study takes: its space, and what of its sampler does not grow. */
const bytesOf = ({ history, sampler }: Subject): number => history.bytes + (sampler.bytes ?? 0) + 65_536;
