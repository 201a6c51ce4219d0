import type { WireRequest } from "../servers/greet-bytes.ts";

/** One request, made again and again. */
export interface Load {
  readonly url: string;
  readonly httpVersion: "1.1" | "2";
  readonly request: WireRequest;
  readonly connections: number;
  /** How many connections are opened in a second. Undefined: all at once. */
  readonly connectionsPerSecond?: number | undefined;
  /** Requests in flight on each connection: 1 over HTTP/1.1. */
  readonly streams: number;
  /** Bytes that the body of each answer has. Undefined: not looked at. */
  readonly answerBytes: number | undefined;
}

/** How long the load goes on: for a time, or until so many requests are answered. */
export type LoadAmount = { readonly seconds: number } | { readonly requests: number };

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  /** The share of its core that the generator used: near 1, the generator is what was measured. */
  readonly generatorShare: number;
}

/** Makes load. Rejects when a request fails, or an answer has not the right size. */
export interface LoadGenerator {
  readonly name: string;
  run(load: Load, amount: LoadAmount): Promise<LoadResult>;
}
