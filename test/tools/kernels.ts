/** The WebAssembly module of the optimizer's kernels, as its source compiles today. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

// As a program: the types of its package redefine JavaScript's own for every file that is checked with them.
const run = promisify(execFile);

const folder = "server/src/optimizer/numerics/kernels";
const sources = ["linear-algebra.as.ts", "product-mixture.as.ts"];
/** The committed file that holds the module. */
export const kernelsFile = `${folder}/module.ts`;

/** Compiles the kernels; answers what `kernelsFile` has to say. @throws Error with the compiler's words */
export async function compileKernels(): Promise<string> {
  const scratch = await mkdtemp(join(tmpdir(), "asktell-kernels-"));
  try {
    const out = join(scratch, "kernels.wasm");
    const flags = ["--enable", "simd", "--runtime", "stub", "-O3", "--noAssert", "--converge"];
    await run("asc", [...sources.map((source) => `${folder}/${source}`), "-o", out, ...flags]);
    const base64 = (await readFile(out)).toString("base64");
    const lines = [
      `// Compiled from ${sources.join(" and ")} by \`npm run generate\`; never edited by hand.`,
      `export const wasmBase64 = "${base64}";`,
    ];
    return `${lines.join("\n")}\n`;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
