import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createStream } from "../../../server/src/optimizer/numerics/stream.ts";
import { drawUniform } from "../../../server/src/optimizer/samplers/random.ts";
import { createSpace } from "../../../server/src/optimizer/space/space.ts";
import type { Instance } from "./problem.ts";
import type { Trace } from "./simulate.ts";

/** One run of a peer, as kept: a line of JSON. */
export interface PeerRun {
  readonly sampler: string;
  readonly problem: string;
  readonly seed: number;
  readonly workers: number;
  readonly budget: number;
  /** Of the instance that it worked on. */
  readonly fingerprint: string;
  readonly trace: Trace;
  /** How long it took, s. */
  readonly seconds: number;
}

const fileOf = (version: string): string =>
  fileURLToPath(new URL(`../data/quality-optuna-${version}.jsonl`, import.meta.url));

export function readPeerRuns(version: string): PeerRun[] {
  const file = fileOf(version);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as PeerRun); // as written below
}

export function keepPeerRun(version: string, run: PeerRun): void {
  appendFileSync(fileOf(version), `${JSON.stringify(run)}\n`);
}

/** What an instance answers at some points: traces of a problem that has changed since are of no use. */
export function fingerprintOf(instance: Instance): string {
  const space = createSpace(instance.parameters);
  return Array.from({ length: 3 }, (_, at) => {
    const params = space.toParams(drawUniform(space, createStream(5, at), undefined));
    return instance.evaluate(params, at).values.map((value) => value.toPrecision(6));
  }).join();
}
