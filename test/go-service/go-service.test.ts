// Services of Restate's Go SDK on a real Restate server, called by the TypeScript clients of the same protos.
import type { Transport } from "@connectrpc/connect";
import { createTransport } from "restate-connect/node";
import { createTransport as createWebTransport } from "restate-connect/web";
import { afterAll, beforeAll, describe, it } from "vitest";
import { itBehaves } from "./cases.ts";
import { buildGoService, type GoService, startGoService } from "./go-service.ts";

const title = "services of the Go SDK";
const missing = await buildGoService();

const direct = { protocol: "restate", format: "json", retry: true } as const;
const ways: readonly (readonly [string, (baseUrl: string) => Transport])[] = [
  ["HTTP/1.1", (baseUrl) => createTransport({ ...direct, baseUrl })],
  ["HTTP/2", (baseUrl) => createTransport({ ...direct, baseUrl, httpVersion: "2" })],
  ["fetch", (baseUrl) => createWebTransport({ ...direct, baseUrl })],
];

if (missing === undefined) {
  describe(title, runWays);
} else {
  console.warn(`${title}: not run, ${missing}`);
  describe(title, () => it.skip(`not run: ${missing}`));
}

function runWays(): void {
  let go: GoService;
  beforeAll(async () => {
    go = await startGoService();
  });
  afterAll(async () => {
    await go[Symbol.asyncDispose]();
  });

  describe.each(ways)("straight to Restate, %s", (name, connect) => {
    itBehaves(name, () => connect(go.server.ingressUrl));
  });
}
