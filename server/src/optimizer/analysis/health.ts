import type { Trials } from "../history.ts";
import { completedRows, quantileOf, type Rows, varianceOf } from "./rows.ts";
import type { Surrogate } from "./surrogate.ts";

/** Something about a study that its owner should know. */
export interface Hint {
  readonly kind:
    | "all-failed"
    | "many-failed"
    | "all-infeasible"
    | "constant-objective"
    | "at-bound"
    | "duplicates"
    | "noise";
  readonly severity: "warning" | "info";
  /** The parameter that it is about, if any. */
  readonly parameter: string | undefined;
  /** One or two sentences for people: what is the case, and what may help. */
  readonly message: string;
}

/** Ended trials before anything is said, and those that a statement on parameters needs. */
const FEWEST = 5;
const FEWEST_FOR_PARAMETERS = 20;

/** @param surrogate - a model of the first objective, if one has been fitted; without it nothing is said about noise */
export function healthHints(history: Trials, surrogate?: Surrogate): Hint[] {
  const rows = completedRows(history);
  return [
    ...outcomeHints(history),
    ...constantHint(rows),
    ...boundHints(history, rows),
    ...duplicateHint(history),
    ...noiseHint(rows, surrogate),
  ];
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;

function outcomeHints(history: Trials): Hint[] {
  const counts = { pending: 0, completed: 0, pruned: 0, failed: 0, infeasible: 0 };
  for (const number of history.ended) counts[history.outcome(number)]++;
  const ended = history.ended.length;
  if (ended < FEWEST) return [];
  const hint = (kind: Hint["kind"], severity: Hint["severity"], message: string): Hint[] => [
    { kind, severity, parameter: undefined, message },
  ];
  if (counts.failed === ended)
    return hint(
      "all-failed",
      "warning",
      `All ${ended} trials have failed. Look at a worker's error before trying more.`,
    );
  if (counts.failed > 0.3 * ended)
    return hint(
      "many-failed",
      "warning",
      `${counts.failed} of ${ended} trials have failed (${percent(counts.failed / ended)}). If failures come from some region of the space, narrow it.`,
    );
  if (counts.completed === 0 && counts.infeasible >= FEWEST)
    return hint(
      "all-infeasible",
      "warning",
      `No trial of ${ended} keeps the constraints. Check their bounds, or widen the space.`,
    );
  return [];
}

function constantHint({ count, losses }: Rows): Hint[] {
  if (count < FEWEST || losses.some((loss) => loss !== losses[0])) return [];
  const message = `All ${count} completed trials have the same value. Check that workers report the metric that depends on the parameters.`;
  return [{ kind: "constant-objective", severity: "warning", parameter: undefined, message }];
}

/** Part of the range next to a bound, and how much of the best trials must be there. */
const EDGE = 0.05;
const CROWD = 0.6;

/** Numeric parameters whose best trials crowd at an end of the range, more than all trials do. */
function boundHints(history: Trials, rows: Rows): Hint[] {
  if (rows.count < FEWEST_FOR_PARAMETERS || !(varianceOf(rows.losses) > 0)) return [];
  const bound = quantileOf(rows.losses.toSorted(), 0.1);
  return history.space.dimensions.flatMap((dimension): Hint[] => {
    const { index, name, kind, cells, centre, toValue } = dimension;
    // On a coarse grid the end cells are places like any other.
    if (kind === "categorical" || cells < 8) return [];
    const [first, last] = kind === "continuous" ? [0, 1] : [centre(0), centre(cells - 1)];
    let [best, low, high, all, allLow, allHigh] = [0, 0, 0, 0, 0, 0];
    for (let row = 0; row < rows.count; row++) {
      const unit = rows.points[row * rows.width + index]!;
      if (Number.isNaN(unit)) continue;
      const isBest = Number(rows.losses[row]! <= bound);
      const isLow = Number(unit <= Math.max(EDGE, first));
      const isHigh = Number(unit >= Math.min(1 - EDGE, last));
      all++;
      allLow += isLow;
      allHigh += isHigh;
      best += isBest;
      low += isBest * isLow;
      high += isBest * isHigh;
    }
    if (best < 3) return [];
    const isAt = (count: number, among: number): boolean =>
      count / best >= CROWD && count / best >= Math.min(0.95, (1.5 * among) / all);
    const end = isAt(low, allLow) ? "lower" : isAt(high, allHigh) ? "upper" : undefined;
    if (end === undefined) return [];
    const value = String(toValue(end === "lower" ? first : last));
    const message = `The best trials lie at the ${end} bound of ${name} (${value}): better values may lie beyond it.`;
    return [{ kind: "at-bound", severity: "info", parameter: name, message }];
  });
}

function duplicateHint(history: Trials): Hint[] {
  let repeated = 0;
  for (let number = 0; number < history.size; number++)
    if (history.count(history.point(number), 2) > 1) repeated++;
  if (history.size < FEWEST_FOR_PARAMETERS || repeated < 0.2 * history.size) return [];
  const message = `${repeated} of ${history.size} trials share their parameters with another one. If the objective has no noise, they were in vain: the space may be too coarse or exhausted.`;
  return [{ kind: "duplicates", severity: "info", parameter: undefined, message }];
}

/** Repeated points tell noise for certain; where there are few, a model that predicts nothing is a sign of it. */
function noiseHint(rows: Rows, surrogate: Surrogate | undefined): Hint[] {
  const variance = varianceOf(rows.losses);
  if (rows.count < FEWEST_FOR_PARAMETERS || !(variance > 0)) return [];
  const groups = new Map<string, number[]>();
  for (let row = 0; row < rows.count; row++) {
    const key = rows.points.subarray(row * rows.width, (row + 1) * rows.width).join();
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [rows.losses[row]!]);
    else group.push(rows.losses[row]!);
  }
  let [squares, freedom] = [0, 0];
  for (const group of groups.values()) {
    if (group.length < 2) continue;
    squares += varianceOf(Float64Array.from(group)) * group.length;
    freedom += group.length - 1;
  }
  const hint = (message: string): Hint[] => [
    { kind: "noise", severity: "info", parameter: undefined, message },
  ];
  if (freedom >= FEWEST) {
    const share = squares / freedom / variance;
    if (share <= 0.5) return [];
    return hint(
      `Trials at the same parameters differ by ${percent(Math.min(1, Math.sqrt(share)))} of the spread of all trials: noise is larger than the effect of the parameters. Repeat trials or average more.`,
    );
  }
  if (surrogate === undefined || surrogate.rows.count < 50 || surrogate.explained > 0.1) return [];
  return hint(
    `The parameters explain ${percent(surrogate.explained)} of the differences between trials: either noise is larger than their effect, or the best region is narrow.`,
  );
}
