import type { Objective } from "../history.ts";
import { forecast } from "./extrapolate.ts";
import type { PruneRequest, Pruner } from "./pruner.ts";
import { goOn, show, signOf, stop } from "./reports.ts";
import { createStandings } from "./standings.ts";
import { createWholeCurves } from "./whole-curves.ts";

/** Completed trials to wait for. */
const STARTUP = 5;

/**
 * After the share f of a whole curve a trial has to be among the best FADE / f of all trials, or the best few: what is
 * spent on each doubling of f is then the same, as in successive halving, but without its all-or-nothing rungs.
 */
const FADE = 0.06;
const ALWAYS_KEPT = 3;

/** Whoever ends best with a chance of at least this goes on, however bad it looks now. */
const CHANCE = 0.05;

/**
 * Stops a trial on two counts only: it stands badly among the others at the same step, and its own curve is unlikely to
 * end better than the best of them. The first spares late bloomers that are still in the field, the second those that
 * climb steeply from behind; curves of either kind deceive one rule or the other. Before four reports and 8 % of the
 * longest curve nothing is decided, since the order of trials there says nothing about the end.
 */
export function createAutoPruner(objectives: readonly Objective[]): Pruner {
  const sign = signOf(objectives);
  const whole = createWholeCurves(sign);
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
      const { step, value, better, others } = standing;
      const progress = (step + 1) / (whole.lastStep + 1);
      if (progress >= 1 || better < Math.max(ALWAYS_KEPT, (FADE / progress) * others)) return goOn;
      const scale = whole.scale();
      if (!(scale > 0)) return goOn;
      const best = whole.ends.at(0);
      const rank = `${better} of ${others} trials are better at step ${step}`;
      if (value === Infinity) return stop(`no finite value, while ${rank}`);
      const { mean, below } = forecast(curve, { horizon: whole.lastStep, scale, sign });
      const chance = below(best);
      if (chance >= CHANCE) return goOn;
      return stop(
        `${rank}, and extrapolated to ${show(sign * mean)} it beats the best, ${show(sign * best)}, with a probability of ${show(chance)}`,
      );
    },
    observe(request) {
      place(request);
    },
  };
}
