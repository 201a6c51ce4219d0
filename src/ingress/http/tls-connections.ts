import { createServer, type Server } from "node:tls";
import { nameHint } from "../../model/closest.ts";
import { type OptionNames, refuseUnknownOptions } from "../../model/known-options.ts";
import type { Connections, Serve } from "./plain-connections.ts";

/** How to serve over TLS. All are PEM. */
export interface TlsOptions {
  /** The server's certificate, with those that lead to its issuer. */
  readonly cert: string | Uint8Array;
  /** The certificate's private key. */
  readonly key: string | Uint8Array;
  /** Who may call: clients with a certificate of these issuers, and no others. Default: anyone. */
  readonly clientCa?: string | Uint8Array | undefined;
}

const optionNames: OptionNames<TlsOptions> = { cert: 1, key: 1, clientCa: 1 };

/**
 * Connections over TLS, where the client picks HTTP/2 or HTTP/1.1 (ALPN). One whose handshake fails, or takes
 * too long, is closed.
 *
 * @throws Error when certificate or key cannot be used.
 */
export function tlsConnections(options: TlsOptions, handshakeTimeoutMs: number, serve: Serve): Connections {
  refuseUnknownOptions("tls of createIngress", options, optionNames, nameHint);
  const server = createTlsServer(options, handshakeTimeoutMs);
  server.on("secureConnection", (socket) => serve(socket, socket.alpnProtocol === "h2"));
  // Clients without TLS, or without the required certificate, are not logged.
  server.on("tlsClientError", (_, socket) => socket.destroy());
  return {
    accept(socket) {
      // As https servers have it: a client that leaves in the midst of its handshake is gone.
      socket.allowHalfOpen = false;
      server.emit("connection", socket);
    },
    drain() {}, // the time limit of handshakes does it
  };
}

function createTlsServer({ cert, key, clientCa }: TlsOptions, handshakeTimeout: number): Server {
  try {
    return createServer({
      cert: pem(cert),
      key: pem(key),
      ...(clientCa === undefined ? {} : { ca: pem(clientCa), requestCert: true, rejectUnauthorized: true }),
      ALPNProtocols: ["h2", "http/1.1"],
      handshakeTimeout,
      minVersion: "TLSv1.2",
    });
  } catch (cause) {
    throw new Error(
      `tls of createIngress() cannot be used (${cause instanceof Error ? cause.message : String(cause)}): ` +
        "give the certificate and the private key that belongs to it, both as PEM",
      { cause },
    );
  }
}

function pem(value: string | Uint8Array): string | Buffer {
  return typeof value === "string" ? value : Buffer.from(value);
}
