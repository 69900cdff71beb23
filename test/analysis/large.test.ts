import { beforeAll, expect, test } from "vitest";
import { ImportanceMethod } from "@asktell/proto/asktell/v1/analysis_service_pb";
import { useTestPostgres } from "../support/postgres.ts";
import { startTestServer } from "../support/server.ts";
import { useTestServer } from "../support/use-server.ts";
import { type Clients, clientsOf, createStudy } from "./studies.ts";

/* Analyses answer in under a second at 10,000 trials on a machine that has nothing else to do, and hold nobody up meanwhile. */

const database = useTestPostgres();
/** Times what is allowed to be waited for, on machines that are slow or busy. */
const busy = 30;
const server = useTestServer(() => startTestServer({ env: { DATABASE_URL: database.url } }));
let clients: Clients;
const study = "large";
beforeAll(async () => {
  clients = clientsOf(server);
  await createStudy(clients, study, 10_000);
  // The history comes into memory, as it is for a study that somebody works on.
  await clients.analyses.getPruningSavings({ study });
});

const questions: Record<string, () => Promise<unknown>> = {
  importances: () => clients.analyses.getImportances({ study }),
  "importances by PED-ANOVA": () =>
    clients.analyses.getImportances({ study, method: ImportanceMethod.PED_ANOVA }),
  slices: () => clients.analyses.getSlices({ study }),
  contour: () => clients.analyses.getContour({ study }),
  sample: () => clients.analyses.sampleTrials({ study }),
  distribution: () => clients.analyses.getDistribution({ study }),
  progress: () => clients.analyses.getProgress({ study }),
  front: () => clients.analyses.getParetoFront({ study }),
  expectations: () => clients.analyses.getExpectations({ study }),
  savings: () => clients.analyses.getPruningSavings({ study }),
  hints: () => clients.analyses.listHints({ study }),
};

async function timeOf(call: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await call();
  return performance.now() - begin;
}

test.each(Object.keys(questions))("%s", async (name) => {
  // A new trial, so that nothing is answered from memory.
  const { trials } = await clients.trials.askTrials({ study });
  await clients.trials.tellTrial({ trial: trials[0]!.name, values: [1] });
  const first = await timeOf(questions[name]!);
  const again = await timeOf(questions[name]!);
  console.log(`${name}: ${first.toFixed(0)} ms, again ${again.toFixed(0)} ms`);
  expect(first).toBeLessThan(1_000 * busy);
  expect(again).toBeLessThan(200 * busy);
});

test("while models are fitted, other calls are answered as ever", async () => {
  const quiet: number[] = [];
  const read = () => clients.studies.getStudy({ study });
  for (let call = 0; call < 50; call++) quiet.push(await timeOf(read));
  const { trials } = await clients.trials.askTrials({ study });
  await clients.trials.tellTrial({ trial: trials[0]!.name, values: [2] });
  let isOver = false;
  const analyses = Promise.all([
    clients.analyses.getImportances({ study }),
    clients.analyses.getExpectations({ study }),
  ]).finally(() => (isOver = true));
  const meanwhile: number[] = [];
  while (!isOver) meanwhile.push(await timeOf(read));
  await analyses;
  const median = (times: number[]) => times.toSorted((a, b) => a - b)[times.length >> 1]!;
  console.log(
    `reading: ${median(quiet).toFixed(1)} ms, during analyses ${median(meanwhile).toFixed(1)} ms (${meanwhile.length} calls)`,
  );
  // Were they in the way, the first call would have waited for the end of all of it.
  expect(meanwhile.length).toBeGreaterThan(5);
  expect(median(meanwhile)).toBeLessThan(20 * busy + median(quiet));
});
