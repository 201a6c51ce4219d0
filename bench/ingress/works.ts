import type { Protocol } from "../servers/greet-bytes.ts";

/** One protocol on one version of HTTP, 64 requests in flight. */
export interface Work {
  readonly name: string;
  readonly protocol: Protocol;
  readonly httpVersion: "1.1" | "2";
  readonly connections: number;
  readonly streams: number;
}

const http1 = { httpVersion: "1.1", connections: 64, streams: 1 } as const;
const http2 = { httpVersion: "2", connections: 4, streams: 16 } as const;

export const works: readonly Work[] = [
  { name: "Connect, Protobuf, HTTP/1.1", protocol: "connect", ...http1 },
  { name: "Connect, JSON, HTTP/1.1", protocol: "connect-json", ...http1 },
  { name: "gRPC-web, HTTP/1.1", protocol: "grpc-web", ...http1 },
  { name: "gRPC, HTTP/2", protocol: "grpc", ...http2 },
];
