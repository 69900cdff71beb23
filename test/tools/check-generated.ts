/**
 * Fails unless the committed stubs in gen/ are what the protos generate today. Works in a temporary directory: the tree is
 * left alone. Where the C++ or Python toolchain is missing or is of another release, those stubs are covered by a
 * recorded digest of the schema instead, and the output says so; with CI set that is an error.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { access, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";

interface Plugin {
  local?: string;
  protoc_builtin?: string;
  protoc_path?: string;
  out: string;
}
interface Template {
  plugins: Plugin[];
}

const run = promisify(execFile);
const templates = ["buf.gen.yaml", "gen/standard.gen.yaml"];
/** Not from a plugin: Python's own caches and packaging, and the marker that the package has types. */
const ignored = /__pycache__|\.egg-info|\/py\.typed$/;
const digestFile = "gen/schema.sha256";

/** The digest of the schema without comments, as `npm run generate` records it. */
export async function schemaDigest(): Promise<string> {
  const { stdout } = await run("buf", ["build", "proto", "--exclude-source-info", "-o", "-#format=binpb"], {
    encoding: "buffer",
    maxBuffer: 1 << 26,
  });
  return createHash("sha256").update(stdout).digest("hex");
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function onPath(name: string): Promise<boolean> {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const found = await Promise.all(folders.map((folder) => exists(join(folder, name))));
  return found.includes(true);
}

/** The release of protoc that wrote the C++ stubs, as they state it themselves: 3021012 means 3.21.12. */
async function committedProtocVersion(): Promise<string> {
  const header = await readFile("gen/cpp/src/asktell/v1/trial.pb.h", "utf8");
  const number = Number(/^#if (\d+) < PROTOBUF_MIN_PROTOC_VERSION/m.exec(header)?.[1]);
  return `${Math.floor(number / 1e6)}.${Math.floor(number / 1e3) % 1e3}.${number % 1e3}`;
}

/** Says why a plugin cannot be used here, or nothing. */
async function obstacle(plugin: Plugin): Promise<string | undefined> {
  if (plugin.local !== undefined) {
    return (await onPath(plugin.local)) ? undefined : `${plugin.local} is missing`;
  }
  const path = plugin.protoc_path ?? "protoc";
  if (!(await exists(path))) return `${path} is missing`;
  if (plugin.protoc_builtin !== "cpp") return undefined;
  const wanted = await committedProtocVersion();
  const { stdout } = await run(path, ["--version"]);
  return stdout.trim() === `libprotoc ${wanted}` ? undefined : `${path} is ${stdout.trim()}, not ${wanted}`;
}

async function listFiles(folder: string): Promise<string[]> {
  if (!(await exists(folder))) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !ignored.test(join(entry.parentPath, entry.name)))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** The files that differ between two folders, each with what is wrong. */
async function differences(committed: string, fresh: string): Promise<string[]> {
  const before = new Set(await listFiles(committed));
  const after = new Set(await listFiles(fresh));
  const found: string[] = [];
  for (const name of new Set([...before, ...after])) {
    const path = join(committed, name);
    if (!after.has(name)) found.push(`${path}: no proto generates it any more`);
    else if (!before.has(name)) found.push(`${path}: missing`);
    else {
      const [left, right] = await Promise.all([readFile(path), readFile(join(fresh, name))]);
      if (!left.equals(right)) found.push(`${path}: out of date`);
    }
  }
  return found;
}

async function check(): Promise<number> {
  const scratch = await mkdtemp(join(tmpdir(), "asktell-gen-"));
  try {
    const obstacles = new Map<string, Set<string>>();
    const outs = new Set<string>();
    const usable: Template[] = [];
    for (const file of templates) {
      const template = parse(await readFile(file, "utf8")) as Template;
      for (const plugin of template.plugins) {
        outs.add(plugin.out);
        const reason = await obstacle(plugin);
        if (reason !== undefined)
          obstacles.set(plugin.out, (obstacles.get(plugin.out) ?? new Set()).add(reason));
      }
      usable.push(template);
    }
    const problems: string[] = [];
    for (const template of usable) {
      const plugins = template.plugins.filter((plugin) => !obstacles.has(plugin.out));
      await run("buf", ["generate", "-o", scratch, "--template", JSON.stringify({ ...template, plugins })]);
    }
    for (const out of outs) {
      if (!obstacles.has(out)) problems.push(...(await differences(out, join(scratch, out))));
    }
    const recorded = (await readFile(digestFile, "utf8").catch(() => "")).trim();
    if (recorded !== (await schemaDigest())) problems.push(`${digestFile}: the protos have changed since`);

    for (const [out, reasons] of obstacles) {
      const line = `${out} was not generated again (${[...reasons].join(", ")})`;
      if (process.env["CI"]) problems.push(line);
      else console.error(`check:generated: ${line}; only the schema's digest was compared.`);
    }
    for (const problem of problems) console.error(problem);
    if (problems.length > 0) console.error("Run `npm run generate` and commit gen/.");
    return problems.length > 0 ? 1 : 0;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

if (process.argv[2] === "--digest") console.log(await schemaDigest());
else process.exitCode = await check();
