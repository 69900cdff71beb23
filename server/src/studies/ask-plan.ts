import { setImmediate as nextTurn } from "node:timers/promises";
import type { Point } from "../optimizer/samplers/sampler.ts";
import type { Suggested } from "../optimizer/suggest.ts";
import type { Claim } from "../store/hot/ask.ts";
import type { Clock } from "../store/hot/clock.ts";
import type { Item } from "./ask-types.ts";
import { checkParams } from "./check-params.ts";
import type { Engine } from "./engine.ts";
import { StudyError } from "./errors.ts";
import type { LiveStudy } from "./live-study.ts";
import { nextSuggestion } from "./next-suggestion.ts";

/** Longest stretch of sampling before other calls get their turn, ms. */
const maxStretchMs = 8;

/** New trials in one statement at most: more would keep the study's lock and everybody's answers for too long. */
const maxFresh = 1_000;

/**
 * How long a batch may be sampled for before it is written, ms. Whatever another replica writes in the meantime voids it: with a slow
 * sampler, many askers and several replicas, long batches would all be made in vain but one.
 */
const maxPlanMs = 100;

/** What one asker gets. */
export interface Share {
  readonly index: number;
  readonly item: Item;
  readonly claims: Claim[];
  readonly suggestions: { readonly number: number; readonly suggested: Suggested }[];
}

/** What a batch of asks is to get, before it is written. */
export interface Plan {
  /** The number of the first new trial: the size of the history that the suggestions saw. */
  readonly firstNumber: number;
  /** The change number of that history. */
  readonly historyRevision: number;
  readonly specVersion: number;
  readonly shares: Share[];
  readonly refused: { readonly index: number; readonly error: StudyError }[];
  /** Askers whose turn comes with the next statement. */
  readonly postponed: ReadonlySet<number>;
  /** Every point of the space is used. */
  readonly isExhausted: boolean;
}

/** Divides what the budgets allow among the askers, first come first served, and has the sampler choose the new points. */
export async function makePlan(
  engine: Engine,
  live: LiveStudy,
  clock: Clock,
  open: readonly { readonly item: Item; readonly index: number }[],
): Promise<Plan> {
  const { spec, space, history } = live;
  const { revision: historyRevision, specVersion } = live;
  const plan = { firstNumber: history.size, historyRevision, specVersion };
  const shares: Share[] = [];
  const refused: { index: number; error: StudyError }[] = [];
  const postponed = new Set<number>();
  let isExhausted = false;
  if (clock.state !== "active") return { ...plan, shares, refused, postponed, isExhausted };

  const waiting = [...live.waiting].toSorted(([a], [b]) => a - b);
  let room = (clock.maxRunning ?? Infinity) - clock.counts.running;
  // The history may hold trials that came after the clock was read; the statement that hands out has the last word.
  let fresh = (clock.maxTrials ?? Infinity) - history.size;
  const resumed = new Set<number>();
  const begun = performance.now();
  let stretch = begun;

  for (const { item, index } of open) {
    const { options } = item;
    const isLate = shares.length > 0 && performance.now() - begun > maxPlanMs;
    if (isLate || history.size - plan.firstNumber >= maxFresh) {
      postponed.add(index);
      continue;
    }
    const leaseSeconds = options.leaseSeconds ?? spec.leaseSeconds;
    const share: Share = { index, item, claims: [], suggestions: [] };
    const claim = (which: number, attempt: number) =>
      share.claims.push({ number: which, attempt, worker: options.worker, leaseSeconds });
    let wanted = options.count;
    try {
      checkParams(space, options.fixed, "fixed_params", { partial: true });
    } catch (error) {
      if (!(error instanceof StudyError)) throw error;
      refused.push({ index, error });
      continue;
    }
    if (options.resume) {
      for (const held of await engine.store.trialsHeldBy(live.id, options.worker, wanted)) {
        if (resumed.has(held.number)) continue;
        resumed.add(held.number);
        claim(held.number, held.attempt);
        wanted--;
      }
    }
    const fixedPoint = waiting.length === 0 ? undefined : space.toPoint(options.fixed);
    while (wanted > 0 && room > 0) {
      const next =
        fixedPoint === undefined
          ? -1
          : waiting.findIndex(([number]) => agrees(history.point(number), fixedPoint));
      if (next >= 0) {
        for (const entry of waiting.splice(next, 1)) claim(...entry);
      } else {
        if (fresh <= 0 || history.size - plan.firstNumber >= maxFresh) break;
        if (performance.now() - stretch > maxStretchMs) {
          await nextTurn();
          stretch = performance.now();
        }
        const number = history.size;
        const suggested = await nextSuggestion(engine, live, options.fixed);
        if (suggested === "exhausted") {
          // Without points that have the fixed values the space may still have others.
          isExhausted ||= Object.keys(options.fixed).length === 0;
          break;
        }
        history.addPendingAt(number, suggested.point);
        share.suggestions.push({ number, suggested });
        fresh--;
      }
      room--;
      wanted--;
    }
    if (share.claims.length + share.suggestions.length > 0) shares.push(share);
  }
  return { ...plan, shares, refused, postponed, isExhausted };
}

/** Whether a waiting trial has the values that an asker fixed; NaN where it fixed none. */
function agrees(point: Point, fixed: Point): boolean {
  return fixed.every((coordinate, index) => Number.isNaN(coordinate) || coordinate === point[index]);
}
