import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { type Trial, TrialSchema } from "@asktell/proto/asktell/v1/trial_pb";
import { fromJsonString } from "@bufbuild/protobuf";
import { type TestServer, root } from "../support/server.ts";
import { python } from "../support/toolchain.ts";
import type { InteropClient } from "./client.ts";

const run = promisify(execFile);

/** grpcio, with the stubs of gen/python. */
export function grpcioClient(server: TestServer): InteropClient {
  return programClient("grpcio", [python, join(root, "test/interop/python/worker.py")], server, {
    PYTHONPATH: join(root, "gen/python/src"),
    PYTHONDONTWRITEBYTECODE: "1",
  });
}

// Kept from run to run: the stubs take most of a minute to compile.
const build = join(root, "test/artefacts/interop");

/** gRPC C++, with the stubs of gen/cpp; build it first. */
export function cppClient(server: TestServer): InteropClient {
  return programClient("gRPC C++", [join(build, "interop")], server, {});
}

export async function buildCppClient(): Promise<void> {
  await run("cmake", ["-S", join(root, "test/interop/cpp"), "-B", build]);
  await run("cmake", ["--build", build, "--target", "interop", "--parallel", "2"]);
}

/** A program that does the work of a client: `work ADDRESS STUDY WORKER` and `read ADDRESS TRIAL...`, a line of JSON a trial. */
function programClient(
  name: string,
  [command = "", ...first]: readonly string[],
  { address, token }: TestServer,
  settings: Readonly<Record<string, string>>,
): InteropClient {
  const env = { ...process.env, ...settings, ASKTELL_TOKEN: token };
  const running = new Set<ChildProcess>();

  async function linesOf(args: readonly string[], found: (trial: Trial) => void): Promise<void> {
    const child = spawn(command, [...first, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
    running.add(child);
    const failed = new Promise<never>((_, reject) => child.once("error", reject));
    const exited = once(child, "exit");
    // Rejects as `failed` does when there is no such program.
    exited.catch(() => undefined);
    const errors = text(child.stderr);
    const read = async (): Promise<void> => {
      for await (const line of createInterface({ input: child.stdout }))
        found(fromJsonString(TrialSchema, line));
      const [code] = (await exited) as [number | null];
      if (code !== 0) throw new Error(`${name} ended with ${code}: ${await errors}`);
    };
    await Promise.race([read(), failed]).finally(() => running.delete(child));
  }

  return {
    name,
    work: (study, told) => linesOf(["work", address, study, name], told),
    async read(names) {
      const trials: Trial[] = [];
      await linesOf(["read", address, ...names], (trial) => trials.push(trial));
      return trials;
    },
    close: () => running.forEach((child) => void child.kill()),
  };
}
