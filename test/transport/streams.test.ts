// Streams run on Connect-ES, with our headers, deadlines and redirects.
import { Code, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import { createIngress, type Ingress, service } from "restate-connect/ingress";
import { createTransport } from "restate-connect/node";
import { createConnectTransport, createTransport as createWebTransport } from "restate-connect/web";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  Health,
  HealthCheckResponse_ServingStatus as Status,
} from "../../generated/grpc/health/v1/health_pb.ts";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import { lazyTransport } from "../../src/transport/lazy-transport.ts";
import { temporaryEngine } from "../ingress/temporary-engine.ts";
import { httpServer } from "../support/http-server.ts";

let ingress: Ingress;
let baseUrl: string;

beforeAll(async () => {
  ingress = createIngress({
    services: [service(Greeter, { greet: () => ({ greeting: "Hello" }) })],
    engine: temporaryEngine(),
  });
  ({ url: baseUrl } = await ingress.listen({ port: 0, adminPort: 0 }));
});

afterAll(() => ingress.close());

/** The first message of a stream that does not end by itself. */
async function firstStatus(transport: Transport, headers: HeadersInit = {}): Promise<Status | undefined> {
  const stop = new AbortController();
  const { signal } = stop;
  try {
    for await (const { status } of createClient(Health, transport).watch({}, { headers, signal })) {
      return status;
    }
    return undefined;
  } finally {
    stop.abort();
  }
}

/** A day more than a timer can hold. */
const farMs = 2 ** 31 + 86_400_000;

describe.each([
  ["node, Connect", () => createTransport({ baseUrl, defaultTimeoutMs: farMs })],
  ["node, gRPC", () => createTransport({ baseUrl, protocol: "grpc", defaultTimeoutMs: farMs })],
  ["web", () => createWebTransport({ baseUrl, defaultTimeoutMs: farMs })],
])("%s", (_, make) => {
  it("does not end a stream at once for a deadline that no timer can hold", async () => {
    expect(await firstStatus(make())).toBe(Status.SERVING);
  });

  it("leaves out a caller's headers of HTTP", async () => {
    const headers = { "content-length": "3", connection: "close", "content-encoding": "gzip" };
    expect(await firstStatus(make(), headers)).toBe(Status.SERVING);
  });

  it("refuses a header that HTTP cannot carry", async () => {
    const error = await firstStatus(make(), { "x-city": "日本" }).catch(ConnectError.from);
    expect(error).toMatchObject({ code: Code.InvalidArgument });
  });
});

it("needs no fetch that implements redirect: error, as Cloudflare's does not", async () => {
  const workerd: typeof fetch = async (input, init) => {
    if (init?.redirect === "error") {
      throw new TypeError("Invalid redirect value, must be one of follow or manual");
    }
    return await fetch(input, init);
  };
  expect(await firstStatus(createWebTransport({ baseUrl, fetch: workerd }))).toBe(Status.SERVING);
});

it("follows no redirect, and names it", async () => {
  await using server = await httpServer((_, response) => {
    response.writeHead(302, { location: baseUrl }).end();
  });
  const error = await firstStatus(createWebTransport({ baseUrl: server.url })).catch(ConnectError.from);
  expect(String(error)).toContain(`answered HTTP 302: that is a redirect to ${baseUrl}`);
});

it("says where streams are, from a transport without them", async () => {
  const error = await firstStatus(createConnectTransport({ baseUrl })).catch(ConnectError.from);
  expect(error).toMatchObject({ code: Code.Unimplemented });
  expect(String(error)).toContain("use createTransport of restate-connect/web");
});

it("loads a transport again whose load failed", async () => {
  let loads = 0;
  const transport = lazyTransport(async () => {
    loads++;
    if (loads === 1) {
      throw new TypeError("Failed to fetch dynamically imported module");
    }
    return createTransport({ baseUrl });
  });
  const error = await firstStatus(transport).catch(ConnectError.from);
  expect(error).toMatchObject({ code: Code.Unavailable });
  expect(await firstStatus(transport)).toBe(Status.SERVING);
  expect(loads).toBe(2);
});
