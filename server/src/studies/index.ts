import type { Store } from "../store/store.ts";
import { type Additions, createAdditions } from "./add.ts";
import { type Analyses, createAnalyses } from "./analysis/index.ts";
import type { AskAnswer, AskOptions } from "./ask-types.ts";
import { createAsk } from "./ask.ts";
import { type StudyRef, createDirectory } from "./directory.ts";
import type { Engine } from "./engine.ts";
import type { EngineLog } from "./engine-log.ts";
import { createHeavy } from "./heavy/heavy.ts";
import { createLiveStudies } from "./live-studies.ts";
import { type Management, createManagement } from "./manage.ts";
import { createPruningDesk } from "./pruning.ts";
import { type Reading, createReading } from "./read.ts";
import { type Reports, createReports } from "./report.ts";
import { createSignals } from "./signals.ts";
import { startSweeper } from "./sweeper.ts";
import type { TellAnswer } from "./explain-tell.ts";
import { type TellOptions, createTell } from "./tell.ts";
import type { Trial } from "./trial.ts";
import type { TrialColumns } from "./trial-columns.ts";
import { type WaitingTrials, createWaitingTrials } from "./waiting.ts";
import { type WatchEvent, trialsInColumns, watch, wholeTrials } from "./watch.ts";

export interface StudiesOptions {
  readonly store: Store;
  readonly log: EngineLog;
  /** Memory that the histories of studies may take, bytes. @default 512 MiB */
  readonly maxCacheBytes?: number;
}

/** Every use case of studies and trials. All of them may be called concurrently, on any number of replicas. */
export interface Studies extends Management, Reports, Additions, WaitingTrials, Reading {
  readonly analyses: Analyses;
  ask(ref: StudyRef, options: AskOptions): Promise<AskAnswer>;
  tell(ref: StudyRef, options: TellOptions): Promise<TellAnswer>;
  watch(ref: StudyRef, cursor: string, signal: AbortSignal): AsyncGenerator<WatchEvent<readonly Trial[]>>;
  watchColumns(ref: StudyRef, cursor: string, signal: AbortSignal): AsyncGenerator<WatchEvent<TrialColumns>>;
  /** Ends the background work; calls under way go on. */
  stop(): Promise<void>;
}

/** Wires the use cases to a store, and starts sweeping. */
export function createStudies(options: StudiesOptions): Studies {
  const { store, log } = options;
  const engine: Engine = {
    store,
    log,
    directory: createDirectory(store),
    studies: createLiveStudies(store, options.maxCacheBytes ?? 512 * 2 ** 20),
    heavy: createHeavy({ log }),
    signals: createSignals(store),
  };
  const sweeper = startSweeper(engine);
  const analyses = createAnalyses(engine);
  return {
    analyses,
    ...createManagement(engine),
    ...createReports(engine, createPruningDesk(engine)),
    ...createAdditions(engine),
    ...createWaitingTrials(engine),
    ...createReading(engine),
    ask: createAsk(engine),
    tell: createTell(engine),
    watch: (ref, cursor, signal) => watch(engine, ref, cursor, signal, wholeTrials),
    watchColumns: (ref, cursor, signal) => watch(engine, ref, cursor, signal, trialsInColumns),
    async stop() {
      engine.signals.stop();
      await Promise.all([analyses.stop(), sweeper.stop(), engine.heavy.stop()]);
    },
  };
}
