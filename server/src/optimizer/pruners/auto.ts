import type { Objective } from "../history.ts";
import { createCalibratedForecast } from "./calibrated-forecast.ts";
import type { PruneRequest, Pruner } from "./pruner.ts";
import { goOn, show, signOf, stop } from "./reports.ts";
import { createStandings } from "./standings.ts";

/** Completed trials to wait for. */
const STARTUP = 5;

/**
 * After the share f of a whole curve a trial has to be among the best FADE / f of all trials, or the best few: what is
 * spent on each doubling of f is then the same, as in successive halving, but without its all-or-nothing rungs.
 */
const FADE = 0.04;
const ALWAYS_KEPT = 3;

/** Whose own curve, extrapolated, leads past the best with at least this chance goes on, too. */
const CHANCE = 0.1;

/** Whoever may end better than the best within this many deviations goes on; more of them while trials are few. */
const DEVIATIONS = 2.5;
const FEW_TRIALS = 2;

/**
 * Stops a trial on three counts only: it stands badly among the others at the same step, completed trials that looked
 * like it did not gain enough from there on, and its own curve does not lead past the best either. The first spares
 * whoever leads, the second late bloomers of a kind that was seen before, the third those of a new kind. Before four
 * reports and 8 % of the longest curve nothing is decided, since the order of trials there says nothing about the end.
 */
export function createAutoPruner(objectives: readonly Objective[]): Pruner {
  const sign = signOf(objectives);
  const { whole, expect } = createCalibratedForecast(sign);
  const standings = createStandings(sign);
  const place = ({ history, number, curve }: PruneRequest) => {
    whole.follow(history);
    standings.follow(history);
    return standings.place(number, curve);
  };
  return {
    decide(request) {
      const standing = place(request);
      const { curve } = request;
      if (standing === undefined || !standing.isNew || whole.count < STARTUP || !whole.isWarm(curve))
        return goOn;
      const { step, value, better, others, expectation } = standing;
      const progress = (step + 1) / (whole.lastStep + 1);
      if (progress >= 1 || better < Math.max(ALWAYS_KEPT, (FADE / progress) * others)) return goOn;
      const rank = `${better} of ${others} trials are better at step ${step}`;
      if (value === Infinity) return stop(`no finite value, while ${rank}`);
      if (!(whole.scale() > 0)) return goOn;
      const best = whole.ends.at(0);
      const extrapolated = expect(curve);
      if (extrapolated.chance(best) >= CHANCE) return goOn;
      const { mean, deviation, freedom } = expectation() ?? { ...extrapolated, freedom: 1 };
      const reach = DEVIATIONS * (1 + FEW_TRIALS / freedom) * deviation;
      if (!(mean - reach > best)) return goOn;
      // Curves without noise are foretold to the last digit, which says nothing to people.
      const spread = deviation > 1e-9 * Math.abs(mean) ? ` ± ${show(deviation)}` : "";
      return stop(
        `${rank}, and it is expected to end at ${show(sign * mean)}${spread}, worse than the best, ${show(sign * best)}`,
      );
    },
    observe(request) {
      place(request);
    },
  };
}
