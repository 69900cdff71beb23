/** The stubs that the protos generate today, beside those in gen/. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { access, readdir, readFile } from "node:fs/promises";
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
export const digestFile = "gen/schema.sha256";

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

/** One file of a folder of stubs that is not as it should be. */
export interface Difference {
  /** Where the file is, or should be. */
  readonly path: string;
  readonly kind: "missing" | "out of date" | "no proto generates it any more";
}

/** The files that differ between a committed folder and a freshly generated one. */
export async function differences(committed: string, fresh: string): Promise<Difference[]> {
  const before = new Set(await listFiles(committed));
  const after = new Set(await listFiles(fresh));
  const found: Difference[] = [];
  for (const name of new Set([...before, ...after])) {
    const path = join(committed, name);
    if (!after.has(name)) found.push({ path, kind: "no proto generates it any more" });
    else if (!before.has(name)) found.push({ path, kind: "missing" });
    else {
      const [left, right] = await Promise.all([readFile(path), readFile(join(fresh, name))]);
      if (!left.equals(right)) found.push({ path, kind: "out of date" });
    }
  }
  return found;
}

/** What is in the way of generating a folder of stubs: by folder, the reasons. */
export type Obstacles = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Generates every folder of stubs whose tools are at hand below `scratch`, at the path that it has here. Needs no network.
 * Returns the folders that were generated and what was in the way of the others.
 */
export async function generateInto(scratch: string): Promise<{ outs: string[]; obstacles: Obstacles }> {
  const obstacles = new Map<string, Set<string>>();
  const outs = new Set<string>();
  const read: Template[] = [];
  for (const file of templates) {
    const template = parse(await readFile(file, "utf8")) as Template;
    read.push(template);
    for (const plugin of template.plugins) {
      outs.add(plugin.out);
      const reason = await obstacle(plugin);
      if (reason !== undefined)
        obstacles.set(plugin.out, (obstacles.get(plugin.out) ?? new Set()).add(reason));
    }
  }
  for (const template of read) {
    const plugins = template.plugins.filter((plugin) => !obstacles.has(plugin.out));
    await run("buf", ["generate", "-o", scratch, "--template", JSON.stringify({ ...template, plugins })]);
  }
  return { outs: [...outs].filter((out) => !obstacles.has(out)), obstacles };
}
