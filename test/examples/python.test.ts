import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { call } from "../support/call.ts";
import { type TestServer, root, startTestServer } from "../support/server.ts";
import { leaveOut, missingPython, python } from "../support/toolchain.ts";
import { countState, expectFinished } from "./finished-study.ts";

const out = leaveOut("the Python example", missingPython("grpc", "google.protobuf", "sklearn"));

/** Runs the example against `server`; its standard output. */
async function tune({ address, token }: TestServer, ...given: string[]): Promise<string> {
  const script = join(root, "examples/python/digits_mlp.py");
  const env = {
    ...process.env,
    ASKTELL_TOKEN: token,
    PYTHONPATH: join(root, "gen/python/src"),
    PYTHONDONTWRITEBYTECODE: "1",
  };
  return (await promisify(execFile)(python, [script, "--server", address, ...given], { env })).stdout;
}

describe.skipIf(out)("examples/python/digits_mlp.py", () => {
  it("40 trials by two workers reach 97 % validation accuracy and a quarter of them are pruned by default", async () => {
    const server = await startTestServer();
    onTestFinished(server.stop);
    const output = await tune(server, "--trials", "40", "--workers", "2", "--seed", "1");
    const outcome = await expectFinished(server, "digits-mlp", 40);
    expect(outcome.best).toBeGreaterThanOrEqual(0.97);
    expect(countState(outcome, "PRUNED")).toBeGreaterThanOrEqual(10);
    expect(new Set(outcome.trials.map((trial) => trial.worker)).size).toBe(2);
    // The winner is as good on images that took no part in the search.
    expect(Number(/test accuracy ([\d.]+)/.exec(output)?.[1])).toBeGreaterThan(0.93);
  });

  it("goes on after the server was killed and started again", async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "asktell-restart-"));
    const first = await startTestServer({ dataDir });
    const tuning = tune(first, "--trials", "16");
    const created = async (): Promise<number> => {
      const asked = { study: "digits-mlp" };
      return (await call<{ totalSize: number }>(first, "TrialService/ListTrials", asked)).totalSize;
    };
    await expect.poll(() => created().catch(() => 0), { interval: 100 }).toBeGreaterThan(3);
    await first.kill();
    await sleep(1_000);
    const second = await startTestServer({ dataDir, port: Number(new URL(first.url).port) });
    onTestFinished(async () => {
      await second.stop();
      await rm(dataDir, { recursive: true, force: true });
    });
    expect(await tuning).toContain("16 trials:");
    const { trials } = await expectFinished({ url: second.url, token: first.token }, "digits-mlp", 16);
    // No trial went to a second worker: each call was repeated until it was answered.
    expect(trials.map((trial) => trial.attempt)).toEqual(trials.map(() => 1));
  });
});
