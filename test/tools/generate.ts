/**
 * Writes the stubs in gen/ anew, as buf.gen.yaml and gen/standard.gen.yaml say, and compiles the optimizer's kernels. Files that are right already are not touched, so
 * that programs running from them do not stumble and builds made from them stay fresh.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileKernels, kernelsFile } from "./kernels.ts";
import { differences, digestFile, generateInto, schemaDigest } from "./generated.ts";

const kernels = await compileKernels();
if (kernels !== (await readFile(kernelsFile, "utf8").catch(() => ""))) {
  await writeFile(kernelsFile, kernels);
  console.log(kernelsFile);
}

const scratch = await mkdtemp(join(tmpdir(), "asktell-gen-"));
try {
  const { outs, obstacles } = await generateInto(scratch);
  for (const out of outs) {
    for (const { path, kind } of await differences(out, join(scratch, out))) {
      if (kind === "no proto generates it any more") await rm(path);
      else await cp(join(scratch, path), path);
      console.log(path);
    }
  }
  if (obstacles.size === 0) await writeFile(digestFile, `${await schemaDigest()}\n`);
  for (const [out, reasons] of obstacles) {
    console.error(`${out} was not generated: ${[...reasons].join(", ")}.`);
    process.exitCode = 1;
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}

// Imported only now: it reads what was generated above.
const { permissionsFile, writtenPermissions } = await import("./permissions.ts");
const permissions = await writtenPermissions();
if (permissions !== (await readFile(permissionsFile, "utf8"))) {
  await writeFile(permissionsFile, permissions);
  console.log(permissionsFile);
}
