/** Options of {@link restate}. */
export interface RestateOptions {
  /** Where the ingress of the Restate server is, for example `http://localhost:8080`. */
  readonly ingressUrl: string;
  /** Where its admin API is, for example `http://localhost:9070`. */
  readonly adminUrl: string;
  /**
   * How requests travel to the ingress. Default: `2`, one connection for many calls, which costs both ends
   * less CPU time, and pings, so that a server that hangs is noticed within 15 s. Use `1.1` where a proxy in
   * between has no HTTP/2.
   */
  readonly httpVersion?: "1.1" | "2" | undefined;
  /**
   * How long a call, or the wait for an outcome, lasts at most, ms. It then ends with `unavailable` and a
   * `retry-after`, and the invocation goes on. Restate itself waits for a dead service for ever. Default: 10
   * minutes.
   */
  readonly callTimeoutMs?: number | undefined;
}
