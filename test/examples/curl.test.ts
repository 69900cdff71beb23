import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestServer, root, startTestServer } from "../support/server.ts";
import { leaveOut, works } from "../support/toolchain.ts";
import { countState, expectFinished } from "./finished-study.ts";
import { type FlakyProxy, startFlakyProxy } from "./flaky-proxy.ts";

const script = join(root, "examples/curl/worker.sh");
const out = leaveOut("the curl example", [
  !works("curl", "--version") && "curl",
  !works("awk", "BEGIN { exit 0 }") && "awk",
]);

describe.skipIf(out)("examples/curl/worker.sh", () => {
  let server: TestServer;
  let proxy: FlakyProxy;

  beforeAll(async () => {
    server = await startTestServer();
    proxy = await startFlakyProxy(server.url, 20);
  });
  afterAll(async () => {
    await proxy.close();
    await server.stop();
  });

  const runWorker = async (url: string, study: string, trials: number): Promise<string> => {
    const env = { ...process.env, ASKTELL_URL: url, ASKTELL_TOKEN: server.token, EPOCHS: "8" };
    return (await promisify(execFile)(script, [study, String(trials)], { env })).stdout;
  };

  it("two workers tune a logistic regression together and each finds the same best", async () => {
    const outputs = await Promise.all([1, 2].map(() => runWorker(server.url, "together", 20)));
    const outcome = await expectFinished(server.url, server.token, "together", 20);
    expect(outcome.best).toBeLessThan(0.1);
    expect(countState(outcome, "PRUNED")).toBeGreaterThanOrEqual(3);
    expect(new Set(outcome.trials.map((trial) => trial.worker)).size).toBe(2);
    const found = outputs.map((output) => /best: (.*)/.exec(output)?.[1]);
    expect(found[0]).toContain("/studies/together/trials/");
    expect(found[1]).toBe(found[0]);
  }, 120_000);

  it("loses and doubles nothing when every twentieth answer is lost", async () => {
    await Promise.all([1, 2].map(() => runWorker(proxy.url, "flaky", 8)));
    expect(proxy.lost()).toBeGreaterThan(2);
    const { trials } = await expectFinished(server.url, server.token, "flaky", 8);
    // A lost answer to an ask would otherwise leave a trial behind for its lease to expire.
    expect(trials.map((trial) => trial.attempt)).toEqual(trials.map(() => 1));
  }, 120_000);
});
