import { fromBinary, toBinary } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import { createTransport, type NodeTransportOptions } from "../../src/transport/node.ts";
import { callAsAsked } from "./call.ts";
import { type ClientCompatRequest, codec, compression, httpVersion, protocol } from "./messages.ts";
import { forEachMessage, suiteSchemas, writeMessage } from "./stdio.ts";

// The client under test: our transports for Node. The runner sends cases to standard input, and reads what
// came of them from standard output, in any order.

const schemas = suiteSchemas();
await forEachMessage(async (bytes) => {
  const asked = fromBinary(schemas.clientRequest, bytes);
  const answer = await callAsAsked(schemas, asked, () => transportFor(asked));
  writeMessage(toBinary(schemas.clientResponse, answer));
});
// Connections that are kept alive would keep the process.
process.exit();

function transportFor(asked: ClientCompatRequest): Transport {
  const tls = asked.serverTlsCert.byteLength > 0;
  const options: NodeTransportOptions = {
    baseUrl: `${tls ? "https" : "http"}://${asked.host}:${asked.port}`,
    protocol: protocolOf(asked),
    httpVersion: asked.httpVersion === httpVersion.http2 ? "2" : "1.1",
    format: asked.codec === codec.json ? "json" : "binary",
    registry: schemas.registry,
    useHttpGet: asked.useGetHttpMethod,
    defaultTimeoutMs: Number.POSITIVE_INFINITY, // the suite counts any deadline that it did not ask for
    ...compressionOptions(asked),
    ...(asked.messageReceiveLimit === 0 ? {} : { readMaxBytes: asked.messageReceiveLimit }),
    ...(tls ? { nodeOptions: tlsOptions(asked) } : {}),
  };
  return createTransport(options);
}

function protocolOf(asked: ClientCompatRequest): "connect" | "grpc" | "grpc-web" {
  switch (asked.protocol) {
    case protocol.connect:
      return "connect";
    case protocol.grpc:
      return "grpc";
    case protocol.grpcWeb:
      return "grpc-web";
    default:
      throw new Error(`protocol ${asked.protocol} of the suite is not supported`);
  }
}

/** The suite wants every request compressed, however small. */
function compressionOptions(
  asked: ClientCompatRequest,
): Pick<NodeTransportOptions, "sendCompression" | "compressMinBytes"> {
  switch (asked.compression) {
    case compression.gzip:
      return { sendCompression: "gzip", compressMinBytes: 0 };
    case compression.br:
      return { sendCompression: "br", compressMinBytes: 0 };
    default:
      return {};
  }
}

function tlsOptions({ serverTlsCert, clientTlsCreds }: ClientCompatRequest): {
  ca: Buffer;
  cert?: Buffer;
  key?: Buffer;
} {
  const ca = Buffer.from(serverTlsCert);
  return clientTlsCreds === undefined
    ? { ca }
    : { ca, cert: Buffer.from(clientTlsCreds.cert), key: Buffer.from(clientTlsCreds.key) };
}
