import type { Transport } from "@connectrpc/connect";
import { adminApi } from "../restate-api/admin-api.ts";
import { cancelThrough } from "./cancel-through.ts";
import { nodeHttpClient } from "./node-http-client.ts";
import type { NodeProtocolOptions } from "./node-options.ts";
import { checkedBaseUrl, checkedOptions } from "./options.ts";
import { streamingHalf } from "./streaming.ts";
import { type Compressor, compressorOf } from "./unary/compression.ts";
import { connectProtocol } from "./unary/connect.ts";
import { grpcProtocol } from "./unary/grpc.ts";
import { brotli, gzip } from "./unary/node-compression.ts";
import { unaryTransport } from "./unary/transport.ts";
import { loadParts } from "./with-parts.ts";

type RpcProtocol = "connect" | "grpc" | "grpc-web";

const compressions = { gzip, br: brotli };

/** A transport for one of the RPC protocols, once everything that it needs is loaded. */
export async function nodeRpcTransport(
  protocol: RpcProtocol,
  options: NodeProtocolOptions,
): Promise<Transport> {
  const transport = await transportTo(protocol, options);
  if (options.adminUrl === undefined) {
    return transport;
  }
  const adminUrl = checkedBaseUrl(options.adminUrl, "adminUrl");
  const admin = await transportTo(protocol, { ...options, baseUrl: adminUrl });
  return cancelThrough(admin, adminApi(await nodeHttpClient(adminUrl, options, "when asked for")), transport);
}

async function transportTo(protocol: RpcProtocol, options: NodeProtocolOptions): Promise<Transport> {
  const checked = checkedOptions(options);
  const compressor = compressorFor(options);
  const http = await nodeHttpClient(
    checked.baseUrl,
    options,
    protocol === "grpc" ? "always" : "when asked for",
  );
  const unary = {
    ...checked,
    ...(await loadParts(options)),
    protocol:
      protocol === "connect"
        ? connectProtocol(checked.format, compressor)
        : grpcProtocol(protocol, checked.format, compressor),
    header: { "user-agent": "restate-connect" },
    readMaxBytes: compressor.maxBytes,
    useHttpGet: protocol === "connect" && options.useHttpGet === true,
  };
  return {
    ...unaryTransport(unary, http),
    ...streamingHalf(options, async () =>
      (await import("./streaming-node.ts")).connectEsTransport(protocol, options),
    ),
  };
}

function compressorFor(options: NodeProtocolOptions): Compressor {
  const { sendCompression, compressMinBytes: minBytes = 1024, readMaxBytes: maxBytes = 0xffffffff } = options;
  const send = sendCompression && compressions[sendCompression];
  return compressorOf({ accepted: [gzip, brotli], send, minBytes, maxBytes });
}
