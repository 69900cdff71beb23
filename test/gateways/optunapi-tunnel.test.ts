import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startTestServer } from "../support/server.ts";
import { leaveOut, works } from "../support/toolchain.ts";
import { send } from "./support.ts";

/*
 * OptunAPI's tests/secured_client.py reaches a private server through an SSH tunnel. So does this: a real sshd on loopback, a real ssh that forwards
 * a port, and the requests of that client through it.
 */

const sshd = "/usr/sbin/sshd";
const isLeftOut = leaveOut("OptunAPI's gateway through an SSH tunnel", [
  !existsSync(sshd) && "openssh-server",
  !works("ssh", "-V") && "openssh-client",
]);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test.skipIf(isLeftOut)("trials are asked for and scored through an SSH tunnel", async () => {
  const folder = await mkdtemp(join(tmpdir(), "asktell-tunnel-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(
    join(folder, "optunapi-test.yaml"),
    "x: {name: x, type: float, low: -10, high: 10}\ny: {name: y, type: float, low: -10, high: 10}\n",
  );
  const server = await startTestServer({
    env: { ASKTELL_OPTUNAPI: "loopback", ASKTELL_OPTUNAPI_CONFIG: folder },
  });
  onTestFinished(async () => {
    await server.stop();
  });

  const file = (name: string) => join(folder, name);
  for (const name of ["host", "user"])
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", file(name)]);
  await writeFile(file("authorized"), execFileSync("ssh-keygen", ["-y", "-f", file("user")]), {
    mode: 0o600,
  });
  const port = await freePort();
  await writeFile(
    file("sshd_config"),
    [
      `Port ${port}`,
      "ListenAddress 127.0.0.1",
      `HostKey ${file("host")}`,
      `AuthorizedKeysFile ${file("authorized")}`,
      `PidFile ${file("pid")}`,
      "PasswordAuthentication no",
      "KbdInteractiveAuthentication no",
      "PermitRootLogin prohibit-password",
      // The folder lies in a directory that everybody may write to.
      "StrictModes no",
      "UsePAM no",
      "",
    ].join("\n"),
  );
  // Where sshd started by root drops its privileges; a distribution makes it when its service starts.
  if (process.getuid?.() === 0) await mkdir("/run/sshd", { recursive: true });
  const daemon = spawn(sshd, ["-D", "-e", "-f", file("sshd_config")], { stdio: "ignore" });
  onTestFinished(() => void daemon.kill());

  const local = await freePort();
  const target = new URL(server.url).host;
  const tunnel = spawn(
    "ssh",
    [
      "-N",
      "-F",
      "none",
      "-i",
      file("user"),
      "-p",
      String(port),
      "-L",
      `127.0.0.1:${local}:${target}`,
      "-o",
      "StrictHostKeyChecking=no",
      "-o",
      "UserKnownHostsFile=/dev/null",
      "-o",
      "ConnectionAttempts=20",
      `${userInfo().username}@127.0.0.1`,
    ],
    { stdio: "ignore" },
  );
  onTestFinished(() => void tunnel.kill());

  const get = async (path: string) => {
    const { status, text } = await send(`http://localhost:${local}${path}`);
    return { status, answer: JSON.parse(text) as unknown };
  };
  await expect
    .poll(() => get("/optunapi/ping").catch(() => undefined))
    .toEqual({ status: 200, answer: "The Optuna-server is alive!" });
  for (let number = 0; number < 5; number++) {
    const asked = await get("/optunapi/hparams/optunapi-test");
    expect(asked).toMatchObject({ status: 200, answer: { trial_id: number, completed_trials: number } });
    const scored = await get(`/optunapi/score/optunapi-test?trial_id=${number}&score=${10 - number}`);
    expect(scored).toMatchObject({
      status: 200,
      answer: { best_trial: number, best_score: 10 - number, completed_trials: number + 1 },
    });
  }
});
