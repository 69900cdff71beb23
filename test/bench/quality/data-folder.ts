import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Where the benchmark data are: beside the repository, or where HPO_BENCHMARKS says. */
export function dataFolder(): string {
  return (
    process.env["HPO_BENCHMARKS"] ??
    fileURLToPath(new URL("../../../../shared/data/hpo-benchmarks", import.meta.url))
  );
}

/** A description and its floats; undefined when there is none. */
export function readData<T>(path: string): { description: T; floats: Float32Array } | undefined {
  try {
    const description = JSON.parse(readFileSync(`${dataFolder()}/${path}.json`, "utf8")) as T; // its README states the format
    const bytes = readFileSync(`${dataFolder()}/${path}.f32`);
    const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    return { description, floats: new Float32Array(buffer) };
  } catch {
    return undefined;
  }
}
