import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { call } from "../support/call.ts";
import { root } from "../support/server.ts";
import { useTestServer } from "../support/use-server.ts";
import { leaveOut, works } from "../support/toolchain.ts";
import { expectFinished } from "./finished-study.ts";
import { type FlakyProxy, startFlakyProxy } from "./flaky-proxy.ts";

const script = join(root, "examples/curl/worker.sh");
const out = leaveOut("the curl example", [
  !works("curl", "--version") && "curl",
  !works("awk", "BEGIN { exit 0 }") && "awk",
]);

describe.skipIf(out)("examples/curl/worker.sh", () => {
  const server = useTestServer();
  let proxy: FlakyProxy;

  beforeAll(async () => {
    proxy = await startFlakyProxy(server.url, 20);
  });
  afterAll(async () => {
    await proxy?.close();
  });

  const runWorker = async (url: string, study: string, trials: number): Promise<string> => {
    const env = { ...process.env, ASKTELL_URL: url, ASKTELL_TOKEN: server.token, EPOCHS: "8" };
    return (await promisify(execFile)(script, [study, String(trials)], { env })).stdout;
  };

  it("two workers tune a logistic regression together and each finds the same best", async () => {
    const outputs = await Promise.all([1, 2].map(() => runWorker(server.url, "together", 12)));
    const outcome = await expectFinished(server, "together", 12);
    expect(outcome.best).toBeLessThan(0.15);
    expect(new Set(outcome.trials.map((trial) => trial.worker)).size).toBe(2);
    const found = outputs.map((output) => /best: (.*)/.exec(output)?.[1]);
    expect(found[0]).toContain("/studies/together/trials/");
    expect(found[1]).toBe(found[0]);

    // Points that learn next to nothing, once the others are there to compare with.
    const hopeless = { lr: 1e-3, l2: 0.1, momentum: 0, batch: 128 };
    const manage = (method: string, body: object): Promise<unknown> => call(server, method, body);
    await manage("StudyService/UpdateStudy", {
      study: { name: "projects/default/studies/together", maxTrials: 14 },
      updateMask: "maxTrials",
    });
    await manage("StudyService/ResumeStudy", { study: "together" });
    await manage("TrialService/EnqueueTrials", {
      study: "together",
      trials: [{ params: hopeless }, { params: { ...hopeless, batch: 127 } }],
    });
    expect(await runWorker(server.url, "together", 14)).toMatch(/\(pruned after epoch \d\)/);
    const { trials } = await expectFinished(server, "together", 14);
    expect(trials.slice(12).map((trial) => trial.state)).toEqual([
      "TRIAL_STATE_PRUNED",
      "TRIAL_STATE_PRUNED",
    ]);
  });

  it("loses and doubles nothing when every twentieth answer is lost", async () => {
    await Promise.all([1, 2].map(() => runWorker(proxy.url, "flaky", 8)));
    expect(proxy.lost()).toBeGreaterThan(2);
    const { trials } = await expectFinished(server, "flaky", 8);
    // A lost answer to an ask would otherwise leave a trial behind for its lease to expire.
    expect(trials.map((trial) => trial.attempt)).toEqual(trials.map(() => 1));
  });
});
