import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  readFile,
  readdir,
  readlink,
  rename,
  rm,
  symlink,
} from "node:fs/promises";
import { basename, join } from "node:path";

/** Copies native/ under a temporary name and renames it, so that a copy is whole or absent and two copiers do no harm. */
export async function stageBinaries(packageDir: string, target: string): Promise<void> {
  const temporary = `${target}.${process.pid}`;
  await rm(temporary, { recursive: true, force: true });
  await copyTree(join(packageDir, "native"), temporary);
  for (const link of await readLinks(packageDir)) {
    // Both sides are written as native/lib/…, and every link stays within its directory.
    const path = join(temporary, link.target.replace(/^native\//, ""));
    if ((await lstat(path).catch(() => undefined)) === undefined) await symlink(basename(link.source), path);
  }
  try {
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if ((await lstat(target).catch(() => undefined)) === undefined) throw error;
  }
}

async function readLinks(packageDir: string): Promise<{ source: string; target: string }[]> {
  const text = await readFile(join(packageDir, "native", "pg-symlinks.json"), "utf8").catch(() => "[]");
  return JSON.parse(text) as { source: string; target: string }[];
}

/** Modes are set by hand, since the umask may deny the owner what the source allows. Static libraries stay behind. */
async function copyTree(source: string, target: string): Promise<void> {
  await mkdir(target);
  await chmod(target, 0o755);
  for (const entry of await readdir(source, { withFileTypes: true })) {
    const [from, to] = [join(source, entry.name), join(target, entry.name)];
    if (entry.isDirectory()) await copyTree(from, to);
    else if (entry.isSymbolicLink()) await symlink(await readlink(from), to);
    else if (!entry.name.endsWith(".a")) {
      await copyFile(from, to);
      await chmod(to, ((await lstat(from)).mode & 0o111) === 0 ? 0o644 : 0o755);
    }
  }
}
