import { once } from "node:events";
import { startEmbeddedPostgres } from "../../server/src/store/embedded/index.ts";

// Starts PostgreSQL on the directory that is its argument, says so in one line of JSON, and stops when its input ends.
const dataDir = process.argv[2];
if (dataDir === undefined) throw new Error("which data directory?");
const log = { info: () => {}, warn: (message: string) => console.error(message) };
const server = await startEmbeddedPostgres({
  dataDir,
  log,
  settings: { fsync: "off", full_page_writes: "off" },
});
console.log(JSON.stringify({ url: server.url, pid: server.pid, adopted: server.adopted }));
process.stdin.resume();
await once(process.stdin, "end");
await server.stop();
