import type { PeerOf } from "../http/peer.ts";
import type { Identity } from "../identity/index.ts";
import type { Studies } from "../studies/index.ts";

/** What gateways work with. */
export interface GatewayContext {
  readonly studies: Studies;
  readonly identity: Pick<Identity, "authenticate" | "getProject" | "audited">;
  readonly peerOf: PeerOf;
  /** How long a trial of these clients may stay silent, seconds: most say nothing between asking and telling. */
  readonly leaseSeconds: number;
  /** Aborts when the server goes down: nobody waits any longer then. */
  readonly shutdownSignal: AbortSignal;
  /** Of the server. */
  readonly version: string;
  readonly log: { warn(facts: Readonly<Record<string, unknown>>, message: string): void };
}

/**
 * The clients behind the gateways expect a trial whenever they ask, as Optuna gives one: a finite space may be tried over and over.
 * The most that the API takes.
 */
export const manyReplicates = 10_000_000;

/** How long an ask may wait for a paused or fully used study, ms: clients have no time limit, proxies in between do. */
export const maxWaitMs = 30_000;
