import { setTimeout as sleep } from "node:timers/promises";
import type { AuditTable } from "../store/cold/audit.ts";
import type { Log } from "../store/embedded/log.ts";

/** Time between two sweeps, ms. Replicas do not agree on turns: whoever is second finds nothing. */
const everyMs = 3_600_000;

/** Removes entries of the audit log that are too old, for as long as the server runs. */
export interface AuditSweep {
  stop(): Promise<void>;
}

/** @param days - how long entries are kept */
export function startAuditSweep(table: Pick<AuditTable, "forget">, days: number, log: Log): AuditSweep {
  const stopping = new AbortController();
  const { signal } = stopping;

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        while (!signal.aborted && (await table.forget(days)));
      } catch (error) {
        log.warn(
          `old audit entries could not be removed: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
      await sleep(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
