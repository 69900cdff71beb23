import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { StudyState } from "@asktell/proto/asktell/v1/study_pb";
import type { Trial } from "@asktell/proto/asktell/v1/trial_pb";
import {
  type AskTrialsRequestSchema,
  type AskTrialsResponse,
  type GetTrialRequestSchema,
  type GetTrialResponse,
  type ReportTrialRequestSchema,
  type ReportTrialResponse,
  type TellTrialRequestSchema,
  type TellTrialResponse,
} from "@asktell/proto/asktell/v1/trial_service_pb";
import type { MessageInitShape } from "@bufbuild/protobuf";

/** A client of its own kind: its own language, library or protocol. */
export interface InteropClient {
  readonly name: string;
  /** Asks, reports and tells until the study has finished; calls back with each trial that it has told. */
  work(study: string, told: (trial: Trial) => void): Promise<void>;
  /** Trials as this client sees them. */
  read(names: readonly string[]): Promise<Trial[]>;
  close(): void;
}

/** The calls of a worker, however they travel. */
export interface Calls {
  askTrials(request: MessageInitShape<typeof AskTrialsRequestSchema>): Promise<AskTrialsResponse>;
  reportTrial(request: MessageInitShape<typeof ReportTrialRequestSchema>): Promise<ReportTrialResponse>;
  tellTrial(request: MessageInitShape<typeof TellTrialRequestSchema>): Promise<TellTrialResponse>;
  getTrial(request: MessageInitShape<typeof GetTrialRequestSchema>): Promise<GetTrialResponse>;
}

/** What an evaluation takes, ms: nobody's training is over at once. */
const paceMs = 300;

/** A client that works as those in other languages do. */
export function clientOf(name: string, calls: Calls, close: () => void = () => undefined): InteropClient {
  return {
    name,
    close,
    async work(study, told) {
      for (;;) {
        const ask = { study, worker: name, requestId: randomUUID(), maxWait: { seconds: 5n } };
        const { trials, studyState } = await calls.askTrials(ask);
        if (studyState === StudyState.FINISHED) return;
        for (const { name: trial, leaseToken, params } of trials) {
          await sleep(paceMs);
          const value = lossOf(params ?? {});
          await calls.reportTrial({
            trial,
            leaseToken,
            step: 1,
            values: [value + 1],
            metrics: { seconds: 0.5 },
          });
          const answer = await calls.tellTrial({
            trial,
            leaseToken,
            values: [value],
            requestId: randomUUID(),
          });
          if (answer.trial !== undefined) told(answer.trial);
        }
      }
    },
    async read(names) {
      const answers = await Promise.all(names.map((trial) => calls.getTrial({ trial })));
      return answers.flatMap(({ trial }) => trial ?? []);
    },
  };
}

/** The search space that every client knows. */
export const parameters = [
  { name: "x", real: { low: 0, high: 1 } },
  { name: "n", integer: { low: 1, high: 4 } },
  { name: "act", categorical: { choices: ["relu", "tanh"] } },
];

/** Least at x = 0.3, n = 3, act = tanh. Products, not powers, so that every language finds the same bits. */
export function lossOf(params: Readonly<Record<string, unknown>>): number {
  const x = Number(params["x"]) - 0.3;
  const n = Number(params["n"]) - 3;
  return x * x + n * n + (params["act"] === "tanh" ? 0 : 1);
}
