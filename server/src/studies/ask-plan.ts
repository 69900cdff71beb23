import type { Point } from "../optimizer/space/point.ts";
import type { Params } from "../optimizer/space/parameter.ts";
import type { Space } from "../optimizer/space/space.ts";
import type { Suggested } from "../optimizer/suggest.ts";
import type { Claim } from "../store/hot/ask.ts";
import type { Clock } from "../store/hot/clock.ts";
import type { Item } from "./ask-types.ts";
import { createBreaks } from "./breaks.ts";
import { checkParams } from "./check-params.ts";
import type { Engine } from "./engine.ts";
import { StudyError } from "./errors.ts";
import type { LiveStudy } from "./live-study.ts";
import { nextSuggestion } from "./next-suggestion.ts";

/** New trials in one statement at most: more would keep the study's lock and everybody's answers for too long. */
const maxFresh = 1_000;

/**
 * How long a batch may be sampled for before it is written, ms. Whatever another replica writes in the meantime voids it: with a slow
 * sampler, many askers and several replicas, long batches would all be made in vain but one.
 */
const maxPlanMs = 100;

/**
 * How long one asker's trials may be sampled for, ms; then it gets the ones that there are. Clients give calls up after ten seconds, or
 * sixty, and would be handed a thousand trials that nobody hears of; meanwhile the study's other askers wait.
 */
const maxShareMs = 5_000;

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

/** What the budgets still allow while a plan is made. */
interface Rest {
  /** Trials that wait for a worker, by number, with the attempts that they have had. */
  readonly waiting: [number: number, attempts: number][];
  /** How many more may run. */
  room: number;
  /** How many more may exist. */
  fresh: number;
}

/** Divides what the budgets allow among the askers, first come first served, and has the sampler choose the new points. */
export async function makePlan(
  engine: Engine,
  live: LiveStudy,
  clock: Clock,
  open: readonly { readonly item: Item; readonly index: number }[],
): Promise<Plan> {
  const { space, history, specVersion } = live;
  const plan = { firstNumber: history.size, historyRevision: live.revision, specVersion };
  const shares: Share[] = [];
  const refused: { index: number; error: StudyError }[] = [];
  const postponed = new Set<number>();
  let isExhausted = false;
  if (clock.state !== "active") return { ...plan, shares, refused, postponed, isExhausted };

  const rest = restOf(live, clock);
  const resumed = new Set<number>();
  const begun = performance.now();
  const takeBreak = createBreaks();
  const isFull = (): boolean => history.size - plan.firstNumber >= maxFresh;

  for (const { item, index } of open) {
    const { options } = item;
    const isLate = shares.length > 0 && performance.now() - begun > maxPlanMs;
    if (isLate || isFull()) {
      postponed.add(index);
      continue;
    }
    const error = faultOf(space, options.fixed);
    if (error !== undefined) {
      refused.push({ index, error });
      continue;
    }
    const share: Share = { index, item, claims: [], suggestions: [] };
    let wanted = options.count;
    if (options.resume) wanted -= await giveBack(engine, live, share, wanted, resumed);
    wanted -= claimWaiting(live, share, wanted, rest);
    const isLong = (): boolean => share.suggestions.length > 0 && performance.now() - begun > maxShareMs;
    while (wanted > 0 && rest.room > 0 && rest.fresh > 0 && !isFull() && !isLong()) {
      await takeBreak();
      const number = history.size;
      const suggested = await nextSuggestion(engine, live, options.fixed);
      if (suggested === "exhausted") {
        // Without points that have the fixed values the space may still have others.
        isExhausted ||= Object.keys(options.fixed).length === 0;
        break;
      }
      history.addPendingAt(number, suggested.point);
      share.suggestions.push({ number, suggested });
      rest.fresh--;
      rest.room--;
      wanted--;
    }
    if (share.claims.length + share.suggestions.length > 0) shares.push(share);
  }
  return { ...plan, shares, refused, postponed, isExhausted };
}

function restOf({ waiting, history }: LiveStudy, { maxRunning, maxTrials, counts }: Clock): Rest {
  return {
    waiting: [...waiting].toSorted(([a], [b]) => a - b),
    room: (maxRunning ?? Infinity) - counts.running,
    // The history may hold trials that came after the clock was read; the statement that hands out has the last word.
    fresh: (maxTrials ?? Infinity) - history.size,
  };
}

/** What is wrong with the values that an asker fixed. */
function faultOf(space: Space, fixed: Params): StudyError | undefined {
  try {
    checkParams(space, fixed, "fixed_params", { partial: true });
    return undefined;
  } catch (error) {
    if (error instanceof StudyError) return error;
    throw error;
  }
}

function claim({ spec }: LiveStudy, { item, claims }: Share, number: number, attempt: number): void {
  const { worker, leaseSeconds = spec.leaseSeconds } = item.options;
  claims.push({ number, attempt, worker, leaseSeconds });
}

/** Claims the trials that the asker holds already, each for one asker only. Answers how many. */
async function giveBack(
  { store }: Engine,
  live: LiveStudy,
  share: Share,
  wanted: number,
  resumed: Set<number>,
): Promise<number> {
  const held = await store.trialsHeldBy(live.id, share.item.options.worker, wanted);
  const own = held.filter(({ number }) => !resumed.has(number));
  for (const { number, attempt } of own) {
    resumed.add(number);
    claim(live, share, number, attempt);
  }
  return own.length;
}

/** Claims waiting trials that have the values which the asker fixed, oldest first. Answers how many. */
function claimWaiting(live: LiveStudy, share: Share, wanted: number, rest: Rest): number {
  const { waiting } = rest;
  if (waiting.length === 0) return 0;
  const fixed = live.space.toPoint(share.item.options.fixed);
  let claimed = 0;
  while (claimed < wanted && rest.room > 0) {
    const next = waiting.findIndex(([number]) => agrees(live.history.point(number), fixed));
    if (next < 0) break;
    for (const entry of waiting.splice(next, 1)) claim(live, share, ...entry);
    rest.room--;
    claimed++;
  }
  return claimed;
}

/** Whether a waiting trial has the values that an asker fixed; NaN where it fixed none. */
function agrees(point: Point, fixed: Point): boolean {
  return fixed.every((coordinate, index) => Number.isNaN(coordinate) || coordinate === point[index]);
}
