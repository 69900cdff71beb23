/** How much of the server one call may use. Sizes in bytes, times in milliseconds. */
export interface RpcLimits {
  /**
   * Largest request message, also after decompression: 4 MiB is gRPC's own default, so clients know it. Connect's
   * default is 4 GiB, which lets one gzip bomb take the process.
   */
  readonly readMaxBytes: number;
  /** Largest response message. Above it a page token is the answer, not more memory. */
  readonly writeMaxBytes: number;
  /** A unary call whose client named no deadline ends after this long. */
  readonly defaultUnaryTimeoutMs: number;
  /** Longest deadline of a unary call; longer ones are shortened to it. */
  readonly maxUnaryTimeoutMs: number;
  /**
   * Longest deadline of a stream; longer ones are shortened to it. Node's timers overflow at 2^31 - 1 ms (24.8
   * days) and fire at once, so a client that asks for a year would be cut off immediately.
   */
  readonly maxStreamTimeoutMs: number;
  /**
   * Time for a single request message to arrive over HTTP/2, where Node has no such limit (over HTTP/1 it does, see
   * HttpLimits.requestTimeoutMs).
   */
  readonly bodyTimeoutMs: number;
}

export const DEFAULT_RPC_LIMITS: RpcLimits = {
  readMaxBytes: 4 * 1024 * 1024,
  writeMaxBytes: 64 * 1024 * 1024,
  defaultUnaryTimeoutMs: 60_000,
  maxUnaryTimeoutMs: 3_600_000,
  maxStreamTimeoutMs: 24 * 3_600_000,
  bodyTimeoutMs: 60_000,
};
