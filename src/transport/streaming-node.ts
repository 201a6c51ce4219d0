import type { Transport } from "@connectrpc/connect";
import type { UniversalClientFn } from "@connectrpc/connect/protocol";
import { createTransport as connect } from "@connectrpc/connect/protocol-connect";
import { createTransport as grpc } from "@connectrpc/connect/protocol-grpc";
import { createTransport as grpcWeb } from "@connectrpc/connect/protocol-grpc-web";
import { createNodeHttpClient, Http2SessionManager } from "@connectrpc/connect-node";
import type { NodeProtocolOptions } from "./node-options.ts";
import { connectEsOptions } from "./streaming.ts";

const makers = { connect, grpc, "grpc-web": grpcWeb };

/** Connect-ES's transport for the same server. */
export async function connectEsTransport(
  protocol: "connect" | "grpc" | "grpc-web",
  options: NodeProtocolOptions,
): Promise<Transport> {
  return makers[protocol]({
    ...(await connectEsOptions(options)),
    httpClient: httpClient(protocol, options),
    acceptCompression: [],
    sendCompression: null,
    compressMinBytes: 0,
    readMaxBytes: options.readMaxBytes ?? 0xffffffff,
    writeMaxBytes: 0xffffffff,
    useHttpGet: false,
  });
}

function httpClient(protocol: string, options: NodeProtocolOptions): UniversalClientFn {
  if (options.httpVersion === "2") {
    const manager = new Http2SessionManager(options.baseUrl, options.session, options.nodeOptions);
    return createNodeHttpClient({ httpVersion: "2", sessionProvider: () => manager });
  }
  if (protocol === "grpc") {
    return createNodeHttpClient({ httpVersion: "2" });
  }
  return createNodeHttpClient({ httpVersion: "1.1", nodeOptions: options.nodeOptions ?? {} });
}
