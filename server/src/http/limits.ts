/** How much of the server's time, memory and sockets one client may hold. All times in milliseconds. */
export interface HttpLimits {
  /**
   * Time for a new connection to show enough bytes to tell HTTP/2 from HTTP/1.
   * Browsers open connections ahead of use and stay silent on them for seconds, hence not shorter.
   */
  readonly prefaceTimeoutMs: number;
  /** Time for a TLS handshake (Node's default is 120 s, which is a free socket for anybody). */
  readonly handshakeTimeoutMs: number;
  /** Time to receive a request's headers over HTTP/1: the defence against slow headers. */
  readonly headersTimeoutMs: number;
  /**
   * Time to receive a whole request, body included. Bounds receiving only, never a long answer.
   * 4 MiB in 60 s is 70 kB/s, which a worker behind a poor line still reaches.
   */
  readonly requestTimeoutMs: number;
  /** How often Node looks for connections that are over the two limits above. */
  readonly connectionsCheckingIntervalMs: number;
  /**
   * How long an idle HTTP/1 connection is kept. Must be above the idle time of whatever pools connections in
   * front (AWS load balancers and nginx use 60 s), or a request meets a connection that is being closed.
   */
  readonly keepAliveTimeoutMs: number;
  /** Bytes of request headers. A Connect GET carries its message in the URL, so not smaller than Node's 16 KiB. */
  readonly maxHeaderBytes: number;
  /** Open sockets, those still in the preface peek included. Further ones are closed at once. */
  readonly maxConnections: number;
  /** Requests in flight on one HTTP/2 connection. grpcio multiplexes a whole process over one. */
  readonly maxConcurrentStreams: number;
  /** An HTTP/2 session without an open stream is closed after this long. One with a quiet watch stays. */
  readonly sessionIdleMs: number;
  /** Silence on a socket before the kernel probes whether the peer still lives (TCP keep-alive). */
  readonly tcpKeepAliveMs: number;
  /** Time that the readiness check may take before the answer is "not ready". */
  readonly readyTimeoutMs: number;
}

export const DEFAULT_HTTP_LIMITS: HttpLimits = {
  prefaceTimeoutMs: 20_000,
  handshakeTimeoutMs: 10_000,
  headersTimeoutMs: 15_000,
  requestTimeoutMs: 60_000,
  connectionsCheckingIntervalMs: 5_000,
  keepAliveTimeoutMs: 72_000,
  maxHeaderBytes: 16 * 1024,
  maxConnections: 10_000,
  maxConcurrentStreams: 512,
  sessionIdleMs: 300_000,
  tcpKeepAliveMs: 30_000,
  readyTimeoutMs: 1_000,
};
