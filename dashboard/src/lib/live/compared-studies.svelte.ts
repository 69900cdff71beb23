import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { Study } from "@asktell/proto/asktell/v1/study_pb";
import { analyses } from "../api/analysis-client.ts";
import { studies, trials } from "../api/clients.ts";
import { describeProblem, type Problem } from "../api/problem.ts";
import type { ComparedStudy, Progress } from "../data/compare-studies.ts";
import { poll } from "./poll.ts";

const pace = { every: 4_000, slowest: 30_000 }; // ms
const STEPS = 500; // points of a line
const NAMED = 80; // trials that one filter can name

/** Some studies with how their best values went, asked for again after each has changed. */
export function createComparedStudies(names: () => readonly string[]) {
  let known = $state.raw<ReadonlyMap<string, ComparedStudy>>(new Map());
  let problems = $state.raw<ReadonlyMap<string, Problem>>(new Map());
  const wanted = $derived(names().join("\n"));

  $effect(() => {
    const list = wanted.split("\n").filter((name) => name !== "");
    const seen = new Map<string, bigint>();
    const { stop } = poll(async (signal) => {
      const failed = new Map<string, Problem>();
      await Promise.all(
        list.map(async (name) => {
          try {
            const { study } = await studies.getStudy({ study: name }, { signal });
            if (study === undefined || seen.get(name) === study.revision) return;
            const compared = await read(study, signal);
            seen.set(name, study.revision);
            known = new Map([...known, [name, compared]]);
          } catch (error) {
            if (!signal.aborted) failed.set(name, describeProblem(error));
          }
        }),
      );
      if (!signal.aborted) problems = failed;
      return failed.size === 0;
    }, pace);
    return stop;
  });

  return {
    /** Those that have been read, in the order asked for. */
    get all(): readonly ComparedStudy[] {
      return names().flatMap((name) => known.get(name) ?? []);
    },
    /** Why a study could not be read, by name. */
    get problems() {
      return problems;
    },
  };
}

async function read(study: Study, signal: AbortSignal): Promise<ComparedStudy> {
  const { numbers, ended, values } = await analyses.getProgress(
    { study: study.name, size: STEPS },
    { signal },
  );
  const ends = new Map<number, number>();
  let params: Readonly<Record<string, unknown>> = {};
  for (let i = 0; i < numbers.length; i += NAMED) {
    const filter = numbers
      .slice(i, i + NAMED)
      .map((number) => `number = ${number}`)
      .join(" OR ");
    const paths = ["number", "end_time", "params"];
    const answer = await trials.listTrials(
      { study: study.name, filter, pageSize: NAMED, readMask: { paths } },
      { signal },
    );
    for (const trial of answer.trials) {
      if (trial.endTime !== undefined) ends.set(trial.number, timestampMs(trial.endTime));
      if (study.objectives.length < 2 && trial.number === numbers.at(-1)) params = trial.params ?? {};
    }
  }
  const progress: Progress = {
    numbers,
    ended,
    values,
    times: numbers.map((number) => ends.get(number) ?? NaN),
  };
  return { study, progress, params };
}
