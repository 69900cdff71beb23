/** What a worker knows for certain, because the server has answered. Times are the machine's, ms since 1970. */
export type WorkerEvent = Asked | Reported | Told | Surprise | Retried;

/** A trial as an ask handed it out. */
export interface Handed {
  readonly number: number;
  /** The attempt that the lease token stands for. */
  readonly attempt: number;
  readonly leaseToken: string;
  /** As text that is the same for the same parameters. */
  readonly params: string;
  /** When the lease of this very attempt ends; absent when the answer tells of a later one. */
  readonly leaseExpiresAt?: number;
}

export interface Asked {
  readonly kind: "asked";
  readonly worker: string;
  readonly requestId: string;
  readonly answeredAt: number;
  readonly trials: readonly Handed[];
}

export interface Reported {
  readonly kind: "reported";
  readonly worker: string;
  readonly number: number;
  readonly attempt: number;
  readonly step: number;
  readonly value: number;
  readonly sentAt: number;
  readonly answeredAt: number;
  /** The StopReason without its prefix; empty to go on. */
  readonly stop: string;
  /** Present when the report was stored. */
  readonly leaseExpiresAt?: number;
}

export interface Told {
  readonly kind: "told";
  readonly worker: string;
  readonly number: number;
  readonly attempt: number;
  readonly requestId: string;
  /** The TrialState without its prefix. */
  readonly state: string;
  readonly values: readonly number[];
  readonly answeredAt: number;
  /** Empty when it was accepted; else why not, such as `LEASE_LOST`. */
  readonly refusal: string;
}

/** An answer that no worker should ever get. */
export interface Surprise {
  readonly kind: "surprise";
  readonly worker: string;
  readonly text: string;
}

/** A call that failed and is made again. */
export interface Retried {
  readonly kind: "retried";
}
