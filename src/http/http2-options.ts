import type { Http2SessionOptions } from "@connectrpc/connect-node";

export type { Http2SessionOptions } from "@connectrpc/connect-node";

/** How soon a Restate server that hangs is noticed. It answers pings even while its handlers are busy. */
export const restatePings: Http2SessionOptions = { pingIntervalMs: 10_000, pingTimeoutMs: 5_000 };
