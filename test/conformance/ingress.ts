import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { createIngress } from "../../src/ingress/index.ts";
import { service } from "../../src/service/index.ts";
import { temporaryEngine } from "../ingress/temporary-engine.ts";
import { unaryHandlers } from "./handlers.ts";
import type { ServerCompatRequest } from "./messages.ts";
import { readMessages, unarySchemas, writeMessage } from "./stdio.ts";

// The server under test: our ingress. The runner sends one message to standard input that says how to
// listen, and starts one such program for each way.

const schemas = unarySchemas();
for await (const bytes of readMessages()) {
  await serve(fromBinary(schemas.serverRequest, bytes));
  break;
}

async function serve(asked: ServerCompatRequest): Promise<void> {
  const { messageReceiveLimit, useTls, serverCreds, clientTlsCert } = asked;
  const clientCa = clientTlsCert.byteLength === 0 ? undefined : clientTlsCert;
  const ingress = createIngress({
    services: [service(schemas.service, unaryHandlers(schemas))],
    engine: temporaryEngine(),
    ...(useTls && serverCreds !== undefined
      ? { tls: { cert: serverCreds.cert, key: serverCreds.key, clientCa } }
      : {}),
    ...(messageReceiveLimit === 0 ? {} : { limits: { maxMessageBytes: messageReceiveLimit } }),
  });
  process.once("SIGTERM", () => ingress.close().then(() => process.exit()));
  const { hostname, port } = new URL((await ingress.listen({ port: 0, adminPort: 0 })).url);
  const pemCert = serverCreds?.cert ?? new Uint8Array();
  const answer = create(schemas.serverResponse, { host: hostname, port: Number(port), pemCert });
  writeMessage(toBinary(schemas.serverResponse, answer));
}
