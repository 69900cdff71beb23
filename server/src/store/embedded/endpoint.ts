import { createHash } from "node:crypto";
import { chmod, chown, lstat, mkdir, readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Owner } from "./owner.ts";
import type { PidFile } from "./pid-file.ts";

/** The superuser of the cluster and the name of the database. */
export const databaseUser = "asktell";
export const databaseName = "asktell";

/** How to reach the server; node-postgres takes it as it is. A host that starts with a slash is a socket directory. */
export interface PostgresConnection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly password?: string;
}

/** The file with the server's password, on Windows only. */
export const passwordFile = (dataDir: string) => join(dataDir, "postgres-password");

/**
 * Chooses where a server will listen. Elsewhere than on Windows that is a Unix socket in a directory that only the
 * owner may enter, so that the file system guards the database and no port can collide.
 */
export async function chooseEndpoint(dataDir: string, owner: Owner | undefined): Promise<PostgresConnection> {
  const user = { user: databaseUser, database: databaseName };
  if (process.platform !== "win32") {
    const host = socketDirectory(dataDir, owner);
    await makePrivate(host, owner);
    return { host, port: 5432, ...user };
  }
  const password = await readFile(passwordFile(dataDir), "utf8");
  return { host: "127.0.0.1", port: await freePort(), ...user, password };
}

/** Where a running server listens, by its own pid file: the one that started it may have had another TMPDIR. */
export function endpointOf(file: PidFile, fallback: PostgresConnection): PostgresConnection {
  return { ...fallback, port: file.port, host: file.socketDir === "" ? fallback.host : file.socketDir };
}

/** @example postgresql://asktell@%2Ftmp%2Fasktell-1f0c:5432/asktell, which libpq and node-postgres both read */
export function connectionUrl({ host, port, user, database, password }: PostgresConnection): string {
  const credentials = password === undefined ? user : `${user}:${encodeURIComponent(password)}`;
  return `postgresql://${credentials}@${encodeURIComponent(host)}:${port}/${database}`;
}

/**
 * A socket's whole path must fit in 104 bytes (macOS; Linux has 108), which no data directory promises: hence the
 * temporary directory and a hash. XDG_RUNTIME_DIR would not do: it vanishes when its user logs out, and a server that
 * was left running in tmux would lose its socket. PostgreSQL touches the socket so that tmp cleaners leave it.
 */
export function socketDirectory(dataDir: string, owner: Owner | undefined): string {
  const name = `asktell-${createHash("sha256").update(`${process.getuid?.()}:${dataDir}`).digest("hex").slice(0, 16)}`;
  // Another user need not be able to enter a TMPDIR that was set for this one.
  const roots = owner === undefined ? [tmpdir(), "/tmp"] : ["/tmp"];
  return (
    roots.map((root) => join(root, name)).find((path) => Buffer.byteLength(path) <= 80) ?? join("/tmp", name)
  );
}

/** Anybody may create names in /tmp, so a directory that somebody else made there must not be trusted. */
async function makePrivate(directory: string, owner: Owner | undefined): Promise<void> {
  await mkdir(directory, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  const entry = await lstat(directory);
  const self = process.getuid?.();
  if (!entry.isDirectory() || (entry.uid !== self && entry.uid !== owner?.uid)) {
    throw new Error(
      `${directory}, where the database's socket belongs, was made by another user: remove it.`,
    );
  }
  await chmod(directory, 0o700);
  if (owner !== undefined) await chown(directory, owner.uid, owner.gid);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}
