import type { PostgresConnection } from "./endpoint.ts";

/**
 * Server settings for one laptop or one small machine. They go on the command line, so a new release changes them
 * without touching the data directory, and postgresql.conf stays as initdb wrote it.
 */
const defaults: Readonly<Record<string, string>> = {
  // Enough for the hot tables of a thousand studies; the rest is the operating system's cache.
  shared_buffers: "128MB",
  max_connections: "100",
  // Reads ahead in the backend itself: the default's worker processes gain nothing at this size.
  io_method: "sync",
  // No replica and no physical backup hangs on this server, so neither senders nor the WAL that they need.
  wal_level: "minimal",
  max_wal_senders: "0",
  max_logical_replication_workers: "0",
  // Fewer checkpoints, hence fewer full-page images in the WAL; recovery stays at a few seconds.
  max_wal_size: "1GB",
  checkpoint_timeout: "15min",
  log_checkpoints: "off",
  // Short statements only: compilation and parallel workers cost more than they give, and the workers need /dev/shm,
  // which containers keep at 64 MB.
  jit: "off",
  max_parallel_workers: "0",
  // Names the processes in ps.
  cluster_name: "asktell",
  // What recovery flushes before it begins: the file system at once instead of a thousand files one by one, which took
  // 2 of the 3 seconds of a restart after a crash. The call is Linux's own.
  ...(process.platform === "linux" ? { recovery_init_sync_method: "syncfs" } : {}),
  // Solid-state disks.
  random_page_cost: "1.1",
  timezone: "UTC",
  log_timezone: "UTC",
};

export type ServerSettings = Readonly<Record<string, string>>;

/** The command line of the server, without the program. */
export function serverArguments(
  clusterDir: string,
  endpoint: PostgresConnection,
  extra: ServerSettings,
): string[] {
  const listen: ServerSettings =
    process.platform === "win32"
      ? { listen_addresses: endpoint.host }
      : { listen_addresses: "", unix_socket_directories: endpoint.host, unix_socket_permissions: "0700" };
  const settings = { ...defaults, ...extra, ...listen, port: String(endpoint.port) };
  return [
    "-D",
    clusterDir,
    ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ];
}
