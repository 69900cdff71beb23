import { call } from "../../support/call.ts";
import type { TestServer } from "../../support/server.ts";
import { createRandom } from "../../chaos/random.ts";

const parameters = [
  { name: "lr", real: { low: 1e-5, high: 0.1, log: true } },
  { name: "dropout", real: { low: 0, high: 0.6 } },
  { name: "layers", integer: { low: 1, high: 8 } },
  { name: "optimizer", categorical: { choices: ["adam", "sgd", "lion"] } },
];

/** What a random trial says: `lr` matters most, then `layers`; `dropout` does nothing. */
function trialAt(random: () => number) {
  const lr = 10 ** (-5 + 4 * random());
  const layers = 1 + Math.floor(8 * random());
  const optimizer = ["adam", "sgd", "lion"][Math.floor(3 * random())]!;
  const params = { lr, dropout: 0.6 * random(), layers, optimizer };
  const loss = 0.1 + 0.1 * (Math.log10(lr) + 2.7) ** 2 + 0.02 * (layers - 5) ** 2 + 0.01 * random();
  return { params, loss, cost: layers + random(), memory: 10 - layers + 3 * random() };
}

/** A study of one objective whose trials ran one after the other and reported ten times, every fourth of which was stopped after three reports. */
export async function fillAnalysed(server: TestServer, studyId: string, count: number): Promise<void> {
  await call(server, "StudyService/CreateStudy", {
    studyId,
    study: { parameters, objectives: [{ name: "loss" }] },
  });
  const random = createRandom(count);
  const began = Date.now() - 10_000 * (count + 1);
  for (let from = 0; from < count; from += 2_000) {
    const trials = Array.from({ length: Math.min(2_000, count - from) }, (_, at) => {
      const { params, loss } = trialAt(random);
      const isStopped = (from + at) % 4 === 3;
      const start = began + 10_000 * (from + at);
      return {
        params,
        values: [loss],
        startTime: new Date(start).toISOString(),
        endTime: new Date(start + (isStopped ? 3_000 : 9_000)).toISOString(),
        state: isStopped ? "TRIAL_STATE_PRUNED" : "TRIAL_STATE_COMPLETED",
        measurements: Array.from({ length: isStopped ? 3 : 10 }, (_step, step) => ({
          step,
          values: [loss + 1 / (step + 1)],
        })),
      };
    });
    await call(server, "TrialService/ImportTrials", { study: studyId, trials });
  }
}

/** A study of three objectives, the last of which is better the larger it is. */
export async function fillThree(server: TestServer, studyId: string): Promise<void> {
  const objectives = [{ name: "loss" }, { name: "cost" }, { name: "room", goal: "GOAL_MAXIMIZE" }];
  await call(server, "StudyService/CreateStudy", { studyId, study: { parameters, objectives } });
  const random = createRandom(3);
  const trials = Array.from({ length: 120 }, () => {
    const { params, loss, cost, memory } = trialAt(random);
    return { params, values: [loss, cost, memory] };
  });
  await call(server, "TrialService/ImportTrials", { study: studyId, trials });
}
