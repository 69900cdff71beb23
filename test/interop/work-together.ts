import type { Trial } from "@asktell/proto/asktell/v1/trial_pb";
import type { InteropClient } from "./client.ts";

/** Makes a call of the API in JSON, such as "StudyService/GetStudy", as somebody who may do everything. */
export type Manage = (method: string, body: object) => Promise<unknown>;

export interface Together {
  /** How many trials the study has. */
  readonly count: number;
  /** The trials that each client was told to have ended, by the client's name. */
  readonly told: ReadonlyMap<string, readonly Trial[]>;
}

/**
 * Lets clients work side by side on a study that has no end, until each of them has told a trial, and then some trials more, after which
 * the study has finished: a client that takes long to start on a busy machine gets its share all the same.
 */
export async function workTogether(
  manage: Manage,
  study: string,
  clients: readonly InteropClient[],
): Promise<Together> {
  const told = new Map(clients.map(({ name }) => [name, [] as Trial[]]));
  const started = clients.map((client) => {
    const first = Promise.withResolvers<void>();
    const done = client.work(study, (trial) => {
      told.get(client.name)?.push(trial);
      first.resolve();
    });
    return { first: Promise.race([first.promise, done]), done };
  });
  await Promise.all(started.map(({ first }) => first));
  // While it is paused it gets no trials, so that its end cannot come before its number is known.
  await manage("StudyService/PauseStudy", { study });
  const { study: read } = (await manage("StudyService/GetStudy", { study })) as {
    study: { name: string; trialCounts: { total: number } };
  };
  const count = read.trialCounts.total + 5 * clients.length;
  await manage("StudyService/UpdateStudy", {
    study: { name: read.name, maxTrials: count },
    updateMask: "maxTrials",
  });
  await manage("StudyService/ResumeStudy", { study });
  await Promise.all(started.map(({ done }) => done));
  return { count, told };
}
