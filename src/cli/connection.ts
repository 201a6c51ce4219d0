import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import { createTransport } from "../transport/node.ts";
import { UsageError } from "./usage-error.ts";

/** The server that a command talks to, for a URL that leads to another server. */
export interface ServerHint {
  /** Error codes that suggest a different server answered. */
  readonly doubtfulCodes: readonly Code[];
  /** What the URL must be. */
  readonly hint: string;
  /** Default: Connect over HTTP/1.1. */
  readonly protocol?: "grpc";
  /** Timeout of a request that does not set its own, ms. Default: none. */
  readonly defaultTimeoutMs?: number;
}

/** An ingress that serves the method. */
export const ingressServer: ServerHint = {
  doubtfulCodes: [Code.Unimplemented, Code.NotFound],
  hint: "--url must be the URL of an ingress that serves it, http://127.0.0.1:8080 by default",
};

/** Any server with gRPC reflection. It speaks gRPC, and some, such as grpc-go's, nothing else. */
export const reflectingServer: ServerHint = { ...ingressServer, protocol: "grpc" };

/** The admin API of our ingress. */
export const adminServer: ServerHint = {
  doubtfulCodes: [Code.Unimplemented],
  hint: "--admin must be the URL of the admin API of restate-connect serve, http://127.0.0.1:9070 by default",
  defaultTimeoutMs: 30_000,
};

/**
 * Runs something against a server.
 *
 * @throws UsageError when the URL is not valid, or the server cannot be reached or answers with an error.
 */
export async function connected<T>(
  baseUrl: string,
  { doubtfulCodes, hint, protocol, defaultTimeoutMs = Number.POSITIVE_INFINITY }: ServerHint,
  use: (transport: Transport) => Promise<T>,
): Promise<T> {
  try {
    return await use(
      createTransport({ baseUrl, defaultTimeoutMs, ...(protocol === undefined ? {} : { protocol }) }),
    );
  } catch (reason) {
    if (reason instanceof ConnectError) {
      const message =
        reason.code === Code.Unavailable ? reason.rawMessage : `${baseUrl} answered ${reason.message}`;
      throw new UsageError(doubtfulCodes.includes(reason.code) ? `${message} (${hint})` : message, {
        cause: reason,
      });
    }
    if (reason instanceof Error && reason.message.startsWith("createTransport:")) {
      throw new UsageError(reason.message.replace("createTransport: baseUrl", "the URL"), { cause: reason });
    }
    throw reason;
  }
}
