import type { Pool } from "pg";
import { Gauge, Registry, collectDefaultMetrics } from "prom-client";

/** Numbers for Prometheus: of the process, and of the connections to the database. */
export function createMetrics(pools: Readonly<Record<string, Pool>>): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: "asktell_database_connections",
    help: "Connections to the database, by pool and by what they do; `waiting` counts calls that wait for one.",
    labelNames: ["pool", "state"],
    registers: [registry],
    collect() {
      for (const [pool, { totalCount, idleCount, waitingCount }] of Object.entries(pools)) {
        this.set({ pool, state: "busy" }, totalCount - idleCount);
        this.set({ pool, state: "idle" }, idleCount);
        this.set({ pool, state: "waiting" }, waitingCount);
      }
    },
  });
  return registry;
}
