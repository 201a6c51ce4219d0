import type { Transport } from "@connectrpc/connect";
import * as node from "@connectrpc/connect-node";
import * as web from "@connectrpc/connect-web";
import { describe } from "vitest";
import { checkGreeter } from "../interop/support/check-greeter.ts";
import { peerInPage } from "../interop/support/page.ts";
import { describeInChromium } from "../support/chromium.ts";
import { connectV1 } from "./peer.ts";

const transports: Readonly<Record<string, (baseUrl: string) => Transport>> = {
  "connect-node, Connect": (baseUrl) => node.createConnectTransport({ baseUrl, httpVersion: "1.1" }),
  "connect-node, Connect over HTTP/2": (baseUrl) =>
    node.createConnectTransport({ baseUrl, httpVersion: "2" }),
  "connect-node, gRPC": (baseUrl) => node.createGrpcTransport({ baseUrl, httpVersion: "2" }),
  "connect-node, gRPC-web": (baseUrl) => node.createGrpcWebTransport({ baseUrl, httpVersion: "1.1" }),
  "connect-web, Connect and JSON": (baseUrl) => web.createConnectTransport({ baseUrl }),
  "connect-web, gRPC-web": (baseUrl) => web.createGrpcWebTransport({ baseUrl }),
};

describe.each(Object.entries(transports))("Connect-ES v1: %s", (_, createTransport) => {
  checkGreeter(connectV1(createTransport));
});

await describeInChromium("Connect-ES v1 in a page", (browser) => {
  describe.each(["connect", "grpc-web"])("connect-web, %s", (protocol) => {
    checkGreeter(peerInPage(browser, `../connect-v1/page-${protocol}.ts`));
  });
});
