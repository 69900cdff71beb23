/**
 * Fails unless the committed stubs in gen/ are what the protos generate today, and the optimizer's kernels what their source compiles to. Works in a temporary directory: the tree is
 * left alone. Where the C++ or Python toolchain is missing or is of another release, those stubs are covered by a
 * recorded digest of the schema instead, and the output says so; with CI set that is an error.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { permissionsFile, writtenPermissions } from "./permissions.ts";
import { compileKernels, kernelsFile } from "./kernels.ts";
import { differences, digestFile, generateInto, schemaDigest } from "./generated.ts";

async function check(scratch: string): Promise<string[]> {
  const { outs, obstacles } = await generateInto(scratch);
  const problems: string[] = [];
  for (const out of outs) {
    for (const { path, kind } of await differences(out, join(scratch, out)))
      problems.push(`${path}: ${kind}`);
  }
  const recorded = (await readFile(digestFile, "utf8").catch(() => "")).trim();
  if (recorded !== (await schemaDigest())) problems.push(`${digestFile}: the protos have changed since`);
  if ((await readFile(kernelsFile, "utf8").catch(() => "")) !== (await compileKernels()))
    problems.push(`${kernelsFile}: out of date`);
  if ((await readFile(permissionsFile, "utf8")) !== (await writtenPermissions()))
    problems.push(`${permissionsFile}: the protos' permissions have changed since`);
  for (const [out, reasons] of obstacles) {
    const line = `${out} was not generated again (${[...reasons].join(", ")})`;
    if (process.env["CI"]) problems.push(line);
    else console.error(`check:generated: ${line}; only the schema's digest was compared.`);
  }
  return problems;
}

const scratch = await mkdtemp(join(tmpdir(), "asktell-gen-"));
try {
  const problems = await check(scratch);
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) {
    console.error("Run `npm run generate` and commit what it writes.");
    process.exitCode = 1;
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}
