import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { Study } from "@asktell/proto/asktell/v1/study_pb";
import { analyses } from "../api/analysis-client.ts";
import { studies, trials } from "../api/clients.ts";
import { describeProblem, type Problem } from "../api/problem.ts";
import type { ComparedStudy, Progress } from "../data/compare-studies.ts";

const EVERY = 4_000; // ms
const SLOWEST = 30_000; // ms, while the server does not answer
const STEPS = 500; // points of a line
const NAMED = 80; // trials that one filter can name

/** Some studies with how their best values went, asked for again after each has changed. */
export function createComparedStudies(names: () => readonly string[]) {
  let known = $state.raw<ReadonlyMap<string, ComparedStudy>>(new Map());
  let problems = $state.raw<ReadonlyMap<string, Problem>>(new Map());
  const wanted = $derived(names().join("\n"));

  $effect(() => {
    const list = wanted.split("\n").filter((name) => name !== "");
    const stop = new AbortController();
    const seen = new Map<string, bigint>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let failures = 0;

    async function load(): Promise<void> {
      clearTimeout(timer);
      if (document.hidden) return;
      const failed = new Map<string, Problem>();
      await Promise.all(
        list.map(async (name) => {
          try {
            const { study } = await studies.getStudy({ study: name }, { signal: stop.signal });
            if (study === undefined || seen.get(name) === study.revision) return;
            const compared = await read(study, stop.signal);
            seen.set(name, study.revision);
            known = new Map([...known, [name, compared]]);
          } catch (error) {
            if (!stop.signal.aborted) failed.set(name, describeProblem(error));
          }
        }),
      );
      if (stop.signal.aborted) return;
      problems = failed;
      failures = failed.size === 0 ? 0 : failures + 1;
      timer = setTimeout(() => void load(), Math.min(SLOWEST, EVERY * 2 ** failures));
    }
    const wake = (): void => void load();
    document.addEventListener("visibilitychange", wake);
    wake();
    return () => {
      document.removeEventListener("visibilitychange", wake);
      clearTimeout(timer);
      stop.abort();
    };
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
