import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AskJson, type TrialJson, Refusal, call, isPassing } from "../chaos/api.ts";
import { type DurablePostgres, startDurablePostgres } from "../chaos/durable-postgres.ts";
import { type Replica, createTestToken, startReplica } from "../chaos/replica.ts";
import { startMs } from "./replica-set.ts";

/* Promise 1: an acknowledged call is durable. Ask, report and tell answer after commit. */

let postgres: DurablePostgres;
let replica: Replica;
let token: string;

beforeAll(async () => {
  postgres = await startDurablePostgres();
  token = await createTestToken(postgres.url);
  replica = await startReplica(postgres.url);
}, startMs);

afterAll(async () => {
  await replica?.stop();
  await postgres?.stop();
}, startMs);

const send = <Answer>(method: string, message: object): Promise<Answer> =>
  call<Answer>(replica.url, token, method, message, { timeoutMs: 120_000 });

async function createStudy(studyId: string): Promise<void> {
  const parameters = [{ name: "x", real: { low: 0, high: 1 } }];
  await send("StudyService/CreateStudy", { studyId, study: { parameters } });
}

async function trialOf(study: string, number: number): Promise<TrialJson> {
  const { trial } = await send<{ trial: TrialJson }>("TrialService/GetTrial", {
    trial: `${study}/trials/${number}`,
  });
  return trial;
}

/** Asks, reports and tells, and then goes on in vain: what was acknowledged is answered. */
async function ask(study: string): Promise<TrialJson> {
  const { trials } = await send<AskJson>("TrialService/AskTrials", { study });
  if (trials[0] === undefined) throw new Error("no trial was handed out");
  return trials[0];
}

const killings = [
  {
    what: "the server is killed",
    kill: async () => {
      await replica.kill();
      replica = await startReplica(postgres.url);
    },
  },
  { what: "PostgreSQL is killed", kill: async () => void (await postgres.kill()) },
];

describe.each(killings)("when $what right after an answer", ({ what, kill }) => {
  const study = what.replaceAll(/\W/g, "-");

  test("a created study is there", { timeout: startMs }, async () => {
    await createStudy(study);
    await kill();
    const answer = await send<{ study: { state: string } }>("StudyService/GetStudy", { study });
    expect(answer.study.state).toBe("STUDY_STATE_ACTIVE");
  });

  test("an ask, a report and a tell are there", { timeout: startMs }, async () => {
    const asked = await ask(study);
    await kill();
    expect(await trialOf(study, asked.number)).toMatchObject({
      state: "TRIAL_STATE_RUNNING",
      params: asked.params,
    });

    const trial = `${study}/trials/${asked.number}`;
    await send("TrialService/ReportTrial", { trial, step: 3, values: [0.25] });
    await kill();
    expect((await trialOf(study, asked.number)).measurements).toMatchObject([{ step: 3, values: [0.25] }]);

    await send("TrialService/TellTrial", { trial, values: [0.125] });
    await kill();
    expect(await trialOf(study, asked.number)).toMatchObject({
      state: "TRIAL_STATE_COMPLETED",
      values: [0.125],
      measurements: [{ step: 3, values: [0.25] }],
    });
  });

  test("enqueued and imported trials are there", { timeout: startMs }, async () => {
    const enqueued = await send<AskJson>("TrialService/EnqueueTrials", {
      study,
      trials: [{ params: { x: 0.5 } }],
    });
    const imported = await send<AskJson>("TrialService/ImportTrials", {
      study,
      trials: [{ params: { x: 0.75 }, values: [1] }],
    });
    await kill();
    const [waiting, ended] = [enqueued.trials[0]?.number ?? -1, imported.trials[0]?.number ?? -1];
    expect(await trialOf(study, waiting)).toMatchObject({ state: "TRIAL_STATE_WAITING", params: { x: 0.5 } });
    expect(await trialOf(study, ended)).toMatchObject({ state: "TRIAL_STATE_COMPLETED", values: [1] });
  });

  test(
    "nothing that was acknowledged while calls were under way is missing",
    { timeout: startMs },
    async () => {
      const acknowledged = new Map<number, number>();
      let isOver = false;
      const loop = async () => {
        while (!isOver) {
          try {
            const { number, leaseToken } = await ask(study);
            const value = Math.random();
            await send("TrialService/TellTrial", {
              trial: `${study}/trials/${number}`,
              leaseToken,
              values: [value],
            });
            acknowledged.set(number, value);
          } catch (error) {
            if (error instanceof Refusal && !isPassing(error)) throw error;
          }
        }
      };
      const loops = Array.from({ length: 16 }, loop);
      while (acknowledged.size < 100) await new Promise((done) => setTimeout(done, 5));
      await kill();
      isOver = true;
      await Promise.all(loops);
      const { trials } = await send<AskJson>("TrialService/ListTrials", { study, pageSize: 10_000 });
      const told = new Map(trials.map(({ number, values: [value] }) => [number, value]));
      for (const [number, value] of acknowledged) expect(told.get(number)).toBe(value);
    },
  );
});
