import type { LiveStudy } from "./live-study.ts";
import { openLiveStudy } from "./open-live-study.ts";
import type { Store } from "../store/store.ts";

/** The studies that this replica keeps in memory. */
export interface LiveStudies {
  /** The study, opened if it is not in memory; not brought up to date. @throws StudyError STUDY_NOT_FOUND */
  open(id: number): Promise<LiveStudy>;
  /** The study if it is in memory, or being opened. */
  peek(id: number): Promise<LiveStudy> | undefined;
  /** Forgets a study that is in doubt or deleted; the next `open` begins afresh. */
  drop(id: number): void;
}

/** @param maxBytes - memory that histories may take; the least recently used study goes first */
export function createLiveStudies(store: Store, maxBytes: number): LiveStudies {
  // A Map keeps the order of insertion, so its first entry is the least recently used one.
  const entries = new Map<number, Promise<LiveStudy>>();
  const sizes = new Map<number, () => number>();
  /** Uses since the sizes were summed up last: studies grow while they are in memory. */
  let uses = 0;

  function evict(): void {
    uses = 0;
    let total = 0;
    for (const size of sizes.values()) total += size();
    for (const id of entries.keys()) {
      if (total <= maxBytes || entries.size === 1) return;
      total -= sizes.get(id)?.() ?? 0;
      drop(id);
    }
  }

  function drop(id: number): void {
    entries.delete(id);
    sizes.delete(id);
  }

  return {
    drop,
    peek: (id) => entries.get(id),
    async open(id) {
      const known = entries.get(id);
      if (known !== undefined) {
        entries.delete(id);
        entries.set(id, known);
        // As often as there are studies, so that looking costs each use the same however many there are.
        if (++uses >= entries.size) evict();
        return known;
      }
      const opening = openLiveStudy(store, id);
      entries.set(id, opening);
      try {
        const live = await opening;
        if (entries.get(id) === opening) {
          sizes.set(id, () => live.bytes);
          evict();
        }
        return live;
      } catch (error) {
        if (entries.get(id) === opening) drop(id);
        throw error;
      }
    },
  };
}
