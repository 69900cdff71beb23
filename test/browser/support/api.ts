import { call } from "../../support/call.ts";
import type { TestServer } from "../../support/server.ts";

export interface AskedTrial {
  readonly name: string;
  readonly number: number;
  readonly leaseToken: string;
  /** RFC 3339. */
  readonly leaseExpireTime: string;
  readonly params: Record<string, number | string>;
}

/** Asks for one trial. */
export async function ask(
  server: Pick<TestServer, "url" | "token">,
  study: string,
  worker = "test",
): Promise<AskedTrial> {
  const { trials } = await call<{ trials: AskedTrial[] }>(server, "TrialService/AskTrials", {
    study,
    worker,
  });
  const [trial] = trials;
  if (trial === undefined) throw new Error(`${study} handed out no trial`);
  return trial;
}

export const parameters = [
  { name: "lr", real: { low: 1e-5, high: 0.1, log: true } },
  { name: "layers", integer: { low: 1, high: 8 } },
  { name: "optimizer", categorical: { choices: ["adam", "sgd", "lion"] } },
  { name: "momentum", real: { low: 0, high: 0.99 }, condition: { parent: "optimizer", values: ["sgd"] } },
];

/** A study with a running, a failed, a pruned and some completed trials that reported on their way. */
export async function fillStudy(
  server: Pick<TestServer, "url" | "token">,
  studyId: string,
  objectives: readonly string[] = ["loss"],
): Promise<void> {
  await call(server, "StudyService/CreateStudy", {
    studyId,
    study: {
      displayName: `A study of ${objectives.join(" and ")}`,
      objectives: objectives.map((name) => ({ name })),
      parameters,
      maxTrials: 40,
      labels: { team: "vision" },
      note: "# First look\n\nBaseline is **0.4**.",
    },
  });
  for (let i = 0; i < 14; i++) {
    const trial = await ask(server, studyId, `node-${i % 3}`);
    const values = objectives.map((_, objective) => 0.1 + ((i * 7 + objective * 3) % 11) / 10);
    if (objectives.length === 1) {
      for (let step = 0; step < 4; step++) {
        const report = { trial: trial.name, leaseToken: trial.leaseToken, step };
        await call(server, "TrialService/ReportTrial", {
          ...report,
          values: values.map((value) => value + 1 / (step + 1)),
        });
      }
    }
    if (i === 13) break;
    const outcome =
      i === 5
        ? { failure: "CUDA out of memory" }
        : { values, state: i % 4 === 3 ? "TRIAL_STATE_PRUNED" : "TRIAL_STATE_COMPLETED" };
    const lease = { trial: trial.name, leaseToken: trial.leaseToken };
    await call(server, "TrialService/TellTrial", { ...lease, ...outcome });
  }
}
