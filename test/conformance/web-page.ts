import { fromBinary, toBinary } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import { createTransport } from "../../src/transport/web.ts";
import { callAsAsked } from "./call.ts";
import { type ClientCompatRequest, codec, protocol } from "./messages.ts";
import { readSchemas, type Schemas } from "./schemas.ts";

// Runs in the browser. web-client.ts bundles this and calls the function below.

/** What the page gives to web-client.ts. Bytes are arrays of numbers: what crosses to a page is JSON. */
export interface ConformancePage {
  /** Makes the call of an encoded `ClientCompatRequest`, and gives the encoded `ClientCompatResponse`. */
  runCase(request: readonly number[]): Promise<readonly number[]>;
}

let loading: Promise<Schemas> | undefined;

const page: ConformancePage = {
  async runCase(bytes) {
    loading ??= loadSchemas();
    const schemas = await loading;
    const asked = fromBinary(schemas.clientRequest, Uint8Array.from(bytes));
    const answer = await callAsAsked(schemas, asked, () => transportFor(asked, schemas));
    return [...toBinary(schemas.clientResponse, answer)];
  },
};
Object.assign(globalThis, { conformance: page });

async function loadSchemas(): Promise<Schemas> {
  const response = await fetch("/descriptors");
  return readSchemas(new Uint8Array(await response.arrayBuffer()));
}

function transportFor(asked: ClientCompatRequest, { registry }: Schemas): Transport {
  const scheme = asked.serverTlsCert.byteLength > 0 ? "https" : "http";
  return createTransport({
    baseUrl: `${scheme}://${asked.host}:${asked.port}`,
    protocol: asked.protocol === protocol.grpcWeb ? "grpc-web" : "connect",
    format: asked.codec === codec.json ? "json" : "binary",
    registry,
    useHttpGet: asked.useGetHttpMethod,
    defaultTimeoutMs: Number.POSITIVE_INFINITY, // the suite counts any deadline that it did not ask for
  });
}
