// The same protos with handlers in TypeScript: what Go services do on Restate, these do on both engines.
import { createEndpoint, type Endpoint } from "restate-connect/endpoint";
import { restate } from "restate-connect/engine";
import { createIngress, type Ingress } from "restate-connect/ingress";
import { createTransport } from "restate-connect/node";
import { afterAll, beforeAll, describe, vi } from "vitest";
import { startIngress, type TestIngress } from "../ingress/support.ts";
import { describeWithRestate } from "../support/describe-restate.ts";
import { quietSdk } from "../support/quiet-sdk.ts";
import { type RestateServer, startRestate } from "../support/restate-server.ts";
import { itBehaves } from "./cases.ts";
import { typeScriptServices } from "./handlers.ts";

// Restate's SDK reads its log level when it is imported.
vi.hoisted(() => {
  process.env.RESTATE_LOGGING = "ERROR";
});

const protocols = [
  { protocol: "connect", format: "json" },
  { protocol: "grpc", format: "binary" },
  { protocol: "grpc-web", format: "binary" },
] as const;

describe.each(protocols)("on the embedded engine, $protocol, $format", (options) => {
  let ingress: TestIngress;
  beforeAll(async () => {
    ingress = await startIngress({ services: typeScriptServices() });
  });
  afterAll(() => ingress.close());
  itBehaves("embedded", () => createTransport({ ...options, retry: true, baseUrl: ingress.url }));
});

describeWithRestate("on a Restate server", () => {
  let endpoint: Endpoint;
  let server: RestateServer;
  let ingress: Ingress;
  let url: string;
  beforeAll(async () => {
    quietSdk();
    const services = typeScriptServices();
    server = await startRestate();
    endpoint = createEndpoint({ services });
    await server.register((await endpoint.listen({ port: 0 })).url);
    const { ingressUrl, adminUrl } = server;
    ingress = createIngress({ services, engine: restate({ ingressUrl, adminUrl }) });
    ({ url } = await ingress.listen({ port: 0, adminPort: 0 }));
  });
  afterAll(async () => {
    await ingress.close();
    await server.stop();
    await endpoint.close({ drainMs: 0 });
  });

  describe.each(["json", "binary"] as const)("straight from the client, %s", (format) => {
    const options = { protocol: "restate", format, retry: true } as const;
    itBehaves(`direct ${format}`, () => createTransport({ ...options, baseUrl: server.ingressUrl }));
  });

  describe.each(protocols)("through the ingress, $protocol, $format", (options) => {
    itBehaves(options.protocol, () => createTransport({ ...options, baseUrl: url }));
  });
});
