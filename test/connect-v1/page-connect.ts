import { createConnectTransport } from "@connectrpc/connect-web";
import { connectV1 } from "./peer.ts";

Object.assign(globalThis, { peer: connectV1((baseUrl) => createConnectTransport({ baseUrl })) });
