/** Outcomes are kept for so long, ms, so that the store can be seen to empty itself. */
export const retentionMs = 5_000;

/** What a server uses at one moment. */
export interface Usage {
  /** Memory that is in use after garbage collection, bytes. */
  readonly held: number;
  /** Memory of the process, bytes. */
  readonly rss: number;
  /** Open files and sockets. */
  readonly descriptors: number;
  /** How late the event loop was since the last look, ms: what 99 of 100 waits stayed below, and the longest. */
  readonly delayP99: number;
  readonly delayMax: number;
  /** Size of the store's files. */
  readonly storeBytes: number;
}
