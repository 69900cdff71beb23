import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { fromBinary } from "@bufbuild/protobuf";
import { ErrorInfoSchema } from "@asktell/proto/google/rpc/error_details_pb";

/** The parts of the API's JSON that workers read. */
export interface TrialJson {
  readonly name: string;
  readonly number: number;
  readonly state: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly values: readonly (number | string)[];
  readonly attempt: number;
  readonly leaseToken: string;
  readonly leaseExpireTime?: string;
  readonly measurements: readonly { readonly step: number; readonly values: readonly (number | string)[] }[];
  readonly suggestion?: { readonly sampler: string; readonly reason: string };
}

export interface AskJson {
  readonly trials: readonly TrialJson[];
  readonly studyState: string;
  readonly retryAfter?: string;
}

export interface ReportJson {
  readonly shouldStop: boolean;
  readonly reason: string;
  readonly leaseExpireTime?: string;
}

export interface TellJson {
  readonly trial: TrialJson;
  readonly studyState: string;
}

/** The server's refusal of a call. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  /** Such as `failed_precondition`. */
  readonly code: string;
  /** The ErrorInfo's reason, such as `LEASE_LOST`. */
  readonly reason: string;
  readonly metadata: Readonly<Record<string, string>>;

  constructor(status: number, body: ErrorJson) {
    super(`${status} ${body.code}: ${body.message}`);
    this.status = status;
    this.code = body.code ?? "";
    const detail = body.details?.find(({ type }) => type === "google.rpc.ErrorInfo");
    const info = detail && fromBinary(ErrorInfoSchema, Buffer.from(detail.value, "base64"));
    this.reason = info?.reason ?? "";
    this.metadata = info?.metadata ?? {};
  }
}

interface ErrorJson {
  readonly code?: string;
  readonly message?: string;
  readonly details?: readonly { readonly type: string; readonly value: string }[];
}

export interface CallOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** One call in Connect's JSON, without retries. @throws Refusal, or whatever fetch throws when the network fails */
export async function call<Answer>(
  url: string,
  token: string,
  method: string,
  message: object,
  { timeoutMs = 10_000, signal }: CallOptions = {},
): Promise<Answer> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const response = await fetch(`${url}/asktell.v1.${method}`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify(message),
    signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
  });
  const body = (await response.json()) as Answer & ErrorJson;
  if (!response.ok) throw new Refusal(response.status, body);
  return body;
}

/** Refusals that say "try again with the same request id". */
const passing = new Set(["unavailable", "resource_exhausted", "deadline_exceeded"]);

/** Whether a call that failed so may succeed when it is repeated: the network, or a server that cannot now. */
export function isPassing(error: unknown): boolean {
  return !(error instanceof Refusal) || passing.has(error.code);
}

export interface PersistentOptions extends CallOptions {
  /** Servers to choose from, by a number in [0, 1). */
  readonly urls: readonly string[];
  readonly random: () => number;
  /** Hears of each failure that is followed by another try. */
  readonly onRetry?: (error: unknown) => void;
}

/**
 * Makes a call until some server has answered it; after a failure at another one, if there are several. The message must name its
 * request, if it changes anything.
 */
export async function callUntilAnswered<Answer>(
  token: string,
  method: string,
  message: object,
  { urls, random, onRetry, ...options }: PersistentOptions,
): Promise<Answer> {
  let at = Math.floor(random() * urls.length);
  for (let tries = 0; ; tries++) {
    try {
      return await call<Answer>(urls[at % urls.length] ?? "", token, method, message, options);
    } catch (error) {
      if (!isPassing(error) || options.signal?.aborted === true) throw error;
      onRetry?.(error);
      at++;
      await sleep(Math.min(1_000, 50 * 2 ** tries) * (0.5 + random() / 2));
    }
  }
}

export const newRequestId = (): string => randomUUID();
