// Services of Restate's Go SDK on a real Restate server, called by the TypeScript clients of the same protos.
import type { Transport } from "@connectrpc/connect";
import { restate } from "restate-connect/engine";
import { createIngress, type Ingress, remote } from "restate-connect/ingress";
import { createTransport } from "restate-connect/node";
import { createTransport as createWebTransport } from "restate-connect/web";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Accounts, Signup } from "../../generated/org/example/accounts_pb.ts";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import { itBehaves } from "./cases.ts";
import { buildGoService, type GoService, startGoService } from "./go-service.ts";

const title = "services of the Go SDK";
const missing = await buildGoService();

const direct = { protocol: "restate", format: "json", retry: true } as const;
const throughIngress = [
  { protocol: "connect", format: "json", retry: true },
  { protocol: "connect", format: "binary", httpVersion: "2" },
  { protocol: "grpc", format: "binary" },
  { protocol: "grpc-web", format: "binary" },
] as const;
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
  let ingress: Ingress;
  let url: string;
  let adminUrl: string;
  beforeAll(async () => {
    go = await startGoService();
    ingress = createIngress({
      services: [Greeter, Accounts, Signup].map((desc) => remote(desc, { format: "json" })),
      engine: restate({ ingressUrl: go.server.ingressUrl, adminUrl: go.server.adminUrl }),
    });
    ({ url, adminUrl } = await ingress.listen({ port: 0, adminPort: 0 }));
  });
  afterAll(async () => {
    await ingress.close();
    await go[Symbol.asyncDispose]();
  });

  describe.each(ways)("straight to Restate, %s", (name, connect) => {
    itBehaves(name, () => connect(go.server.ingressUrl));
  });

  describe.each(throughIngress)("through our ingress, $protocol, $format", (options) => {
    itBehaves(`${options.protocol} ${options.format}`, () => createTransport({ ...options, baseUrl: url }));
  });

  it("is told to the ingress by descriptors alone", async () => {
    const { services } = await (await fetch(`${adminUrl}/services`)).json();
    expect(services).toMatchObject([
      { name: "org.example.Greeter", instance_type: "Unkeyed" },
      { name: "org.example.Accounts", instance_type: "VirtualObject" },
      { name: "org.example.Signup", instance_type: "Workflow" },
    ]);
  });
}
