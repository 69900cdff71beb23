import { chown, lstat, readFile, readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The operating-system user that PostgreSQL runs as, when that is not the current user. */
export interface Owner {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** Unprivileged users to run as, best first: a dedicated one keeps other services' users away from the socket. */
const candidates = ["asktell", "postgres", "nobody"];

/**
 * PostgreSQL refuses to run as root, so root hands it to a user that exists already: nothing is created on the host.
 * A cluster keeps the user that it belongs to. Undefined means the current user.
 */
export async function chooseOwner(clusterDir: string): Promise<Owner | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const users = parsePasswd(await readFile("/etc/passwd", "utf8"));
  const cluster = await stat(clusterDir).catch(() => undefined);
  if (cluster !== undefined && cluster.uid !== 0) {
    const name = users.find((user) => user.uid === cluster.uid)?.name ?? `uid ${cluster.uid}`;
    return { name, uid: cluster.uid, gid: cluster.gid };
  }
  for (const name of candidates) {
    const user = users.find((entry) => entry.name === name);
    if (user !== undefined) return user;
  }
  throw new Error(
    "PostgreSQL refuses to run as root, and this machine has none of the users " +
      `${candidates.join(", ")} to run it as: create one of them, start asktell as another user, or set DATABASE_URL.`,
  );
}

/** Users with a positive id; macOS lists `nobody` as -2, which cannot own files portably. */
export function parsePasswd(text: string): Owner[] {
  return text.split("\n").flatMap((line) => {
    const [name, , uid, gid] = line.split(":");
    if (!name || name.startsWith("#") || !(Number(uid) > 0) || !(Number(gid) >= 0)) return [];
    return [{ name, uid: Number(uid), gid: Number(gid) }];
  });
}

/** The outermost directory on the way to `path`, itself included, that the user may not pass, judged by mode bits. */
export async function findBarrier(path: string, owner: Owner): Promise<string | undefined> {
  const parent = dirname(path);
  const outer = parent === path ? undefined : await findBarrier(parent, owner);
  if (outer !== undefined) return outer;
  const { uid, gid, mode } = await stat(path);
  const mask = uid === owner.uid ? 0o100 : gid === owner.gid ? 0o010 : 0o001;
  return (mode & mask) === 0 ? path : undefined;
}

/** Gives a tree to the user; symbolic links (tablespaces) are not followed. */
export async function giveTo(owner: Owner, path: string): Promise<void> {
  const entry = await lstat(path);
  if (entry.isSymbolicLink()) return;
  await chown(path, owner.uid, owner.gid);
  if (entry.isDirectory()) for (const name of await readdir(path)) await giveTo(owner, join(path, name));
}
