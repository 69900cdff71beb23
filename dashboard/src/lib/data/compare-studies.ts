import { durationMs, timestampMs } from "@bufbuild/protobuf/wkt";
import { FinishReason, StudyState, type Study } from "@asktell/proto/asktell/v1/study_pb";
import { formatInteger, plural } from "../format.ts";
import { lineOf, type ComparedLine } from "./compare-lines.ts";
import { targetsOf } from "./spec.ts";

/** The most studies that stand side by side: more lines cannot be told apart. */
export const COMPARED_STUDIES = 6;

/** How the best value (or the hypervolume, with several objectives) of a study went: after `ended[i]` trials it was `values[i]`. */
export interface Progress {
  readonly numbers: readonly number[];
  readonly ended: readonly number[];
  readonly values: readonly number[];
  /** When each of these trials ended, in milliseconds since 1970; NaN where unknown. */
  readonly times: readonly number[];
}

/** A study among those compared. */
export interface ComparedStudy {
  readonly study: Study;
  readonly progress: Progress;
  /** The best trial's parameters, of a study with one objective. */
  readonly params: Readonly<Record<string, unknown>>;
}

/** What the horizontal axis counts: trials that have ended, their share of the budget, or time since the study's creation. */
export type Along = "trials" | "budget" | "time";

/** A line of the chart, step by step, until where the study has got to. */
export interface ProgressLine {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly end: number;
}

/** How many trials have ended. */
function endedOf({ trialCounts: counts }: Pick<Study, "trialCounts">): number {
  return counts === undefined ? 0 : counts.completed + counts.pruned + counts.failed + counts.infeasible;
}

/** A study's line. Without a limit of trials its budget is what has ended. */
export function progressLine({ study, progress }: ComparedStudy, along: Along, now: number): ProgressLine {
  const { values: y } = progress;
  const created = study.createTime === undefined ? NaN : timestampMs(study.createTime);
  if (along === "time") {
    const finished = study.finishTime === undefined ? now : timestampMs(study.finishTime);
    const known = progress.times.flatMap((time, i) => (Number.isNaN(time) ? [] : [i]));
    return {
      x: known.map((i) => Math.max(0, progress.times[i]! - created)),
      y: known.map((i) => y[i]!),
      end: Math.max(0, finished - created),
    };
  }
  const ended = endedOf(study);
  const whole = along === "budget" ? Math.max(1, study.maxTrials ?? ended) : 1;
  return { x: progress.ended.map((count) => count / whole), y, end: ended / whole };
}

/** What is being improved, in words that are the same only for studies whose values can be compared. */
export function measureOf(study: Study): { readonly name: string; readonly sign: 1 | -1 } {
  const targets = targetsOf(study);
  const [first] = targets;
  if (targets.length > 1 || first === undefined)
    return { name: `hypervolume of ${targets.map(({ name }) => name).join(", ")}`, sign: -1 };
  return first;
}

/** The lines of the table, in groups. */
export function compareStudies(
  all: readonly ComparedStudy[],
  now: number,
): { readonly title: string; readonly lines: readonly ComparedLine[] }[] {
  const line = (label: string, value: (one: ComparedStudy) => unknown): ComparedLine =>
    lineOf(label, label, all.map(value));
  const time = (stamp: Parameters<typeof timestampMs>[0] | undefined): number =>
    stamp === undefined ? now : timestampMs(stamp);
  const measures = all.map(({ study }) => measureOf(study));
  const comparable = measures.every(
    ({ name, sign }) => name === measures[0]?.name && sign === measures[0].sign,
  );
  const bests = all.map(({ progress }) => progress.values.at(-1));
  const sign = measures[0]?.sign ?? 1;
  const top = Math.min(
    ...bests.flatMap((value) => (value === undefined || !Number.isFinite(value) ? [] : [sign * value])),
  );
  const best = lineOf("best", "Best value", bests);
  const names = [...new Set(all.flatMap(({ params }) => Object.keys(params)))];
  return [
    {
      title: "Result",
      lines: [
        line("Objective", ({ study }) => {
          const { name, sign: goal } = measureOf(study);
          return `${goal === 1 ? "minimise" : "maximise"} ${name}`;
        }),
        {
          ...best,
          best: bests.map(
            (value) => comparable && best.differs && value !== undefined && sign * value === top,
          ),
        },
        line("Found after", ({ progress: { ended } }) =>
          ended.length === 0 ? undefined : plural(ended.at(-1)!, "trial"),
        ),
        line("State", ({ study }) => stateOf(study)),
      ],
    },
    {
      title: "Best parameters",
      lines: names.map((name) => line(name, ({ params }) => params[name])),
    },
    {
      title: "Spent",
      lines: [
        line("Trials ended", ({ study }) => formatInteger(endedOf(study))),
        line("Pruned", ({ study }) => formatInteger(study.trialCounts?.pruned ?? 0)),
        line("Failed", ({ study }) => formatInteger(study.trialCounts?.failed ?? 0)),
        line("Running", ({ study }) => formatInteger(study.trialCounts?.running ?? 0)),
        line("Time", ({ study }) => ({ milliseconds: time(study.finishTime) - time(study.createTime) })),
      ],
    },
    {
      title: "Settings",
      lines: [
        line("Trials allowed", ({ study }) => limit(study.maxTrials)),
        line("At the same time", ({ study }) => limit(study.maxRunning)),
        line("Time allowed", ({ study }) =>
          study.maxDuration === undefined ? undefined : { milliseconds: durationMs(study.maxDuration) },
        ),
        line("Sampler", ({ study }) => study.sampler?.sampler.case ?? "auto"),
        line("Pruner", ({ study }) => study.pruner?.pruner.case ?? "auto"),
        line("Parameters", ({ study }) => study.parameters.length),
        // A name rather than a number: every digit of it counts.
        line("Seed", ({ study }) => (study.seed === undefined ? undefined : String(study.seed))),
      ],
    },
  ].filter(({ lines }) => lines.length > 0);
}

function limit(trials: number | undefined): string | undefined {
  return trials === undefined ? undefined : formatInteger(trials);
}

const reasons: Readonly<Record<FinishReason, string>> = {
  [FinishReason.UNSPECIFIED]: "finished",
  [FinishReason.REQUESTED]: "finished by hand",
  [FinishReason.MAX_TRIALS]: "all trials done",
  [FinishReason.MAX_DURATION]: "time is up",
  [FinishReason.TARGET_REACHED]: "target reached",
  [FinishReason.NO_IMPROVEMENT]: "no improvement",
  [FinishReason.FAILURES]: "too many failures",
  [FinishReason.SPACE_EXHAUSTED]: "every point tried",
};

function stateOf(study: Study): string {
  if (study.state === StudyState.FINISHED) return reasons[study.finishReason] ?? "finished";
  return study.state === StudyState.PAUSED ? "paused" : "active";
}
