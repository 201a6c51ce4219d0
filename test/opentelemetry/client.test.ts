// The interceptor with transports that are not ours, and with streams.

import { Code, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport } from "@connectrpc/connect-node";
import { createConnectTransport as createWebTransport } from "@connectrpc/connect-web";
import { SpanStatusCode, trace } from "@opentelemetry/api";
import { createTransport } from "restate-connect/node";
import { clientTracing } from "restate-connect/opentelemetry";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ServerReflection } from "../../generated/grpc/reflection/v1/reflection_pb.ts";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import { startIngress, type TestIngress } from "../ingress/support.ts";
import { origin, recordSpans } from "../support/recorded-spans.ts";

const greet = "org.example.Greeter/Greet";
const reflect = "grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
const spans = recordSpans();
const interceptors = [clientTracing()];
let ingress: TestIngress;

beforeAll(async () => {
  ingress = await startIngress();
});
afterAll(() => ingress.close());
beforeEach(() => spans.clear());

const transports: readonly (readonly [string, string, () => Transport])[] = [
  [
    "connect-node, Connect",
    "connectrpc",
    () => createConnectTransport({ baseUrl: ingress.url, httpVersion: "1.1", interceptors }),
  ],
  ["connect-node, gRPC", "grpc", () => createGrpcTransport({ baseUrl: ingress.url, interceptors })],
  ["connect-web", "connectrpc", () => createWebTransport({ baseUrl: ingress.url, interceptors })],
];

describe("clientTracing", () => {
  it.each(transports)("works with the transport of %s", async (_, system, transport) => {
    await createClient(Greeter, transport()).greet({ name: "Pete" });
    const [span] = await spans.named(greet);
    expect(span?.attributes).toMatchObject({ "rpc.system.name": system, "rpc.method": greet });
    expect(span?.status.code).toBe(SpanStatusCode.UNSET);
  });

  it("sends the context of its span, as a child of the active one", async () => {
    let headers: Headers | undefined;
    const look: (typeof interceptors)[number] = (next) => (request) => {
      headers = request.header;
      return next(request);
    };
    const transport = createConnectTransport({
      baseUrl: ingress.url,
      httpVersion: "1.1",
      interceptors: [...interceptors, look],
    });
    await trace.getTracer("test").startActiveSpan("parent", async (own) => {
      await createClient(Greeter, transport).greet({ name: "Pete" });
      const [span] = await spans.named(greet);
      expect(origin(span).parent).toBe(own.spanContext().spanId);
      const { traceId, spanId } = span?.spanContext() ?? {};
      expect(headers?.get("traceparent")).toBe(`00-${traceId}-${spanId}-01`);
      expect(headers?.has("restate-connect-trace")).toBe(false);
    });
  });

  it("ends the span of a stream with its last message", async () => {
    const transport = createGrpcTransport({ baseUrl: ingress.url, interceptors });
    async function* questions() {
      yield { messageRequest: { case: "listServices", value: "" } } as const;
    }
    const answers = createClient(ServerReflection, transport).serverReflectionInfo(questions());
    for await (const { messageResponse } of answers) {
      expect(messageResponse.case).toBe("listServicesResponse");
      expect(spans.all()).toEqual([]);
    }
    const [span] = await spans.named(reflect);
    expect(span?.status.code).toBe(SpanStatusCode.UNSET);
  });

  it("has a span for each try of a call that is retried", async () => {
    let tries = 0;
    const failOnce: (typeof interceptors)[number] = (next) => (request) => {
      tries += 1;
      return tries === 1 ? Promise.reject(new ConnectError("busy", Code.Unavailable)) : next(request);
    };
    const transport = createTransport({
      baseUrl: ingress.url,
      retry: { initialIntervalMs: 1 },
      interceptors: [...interceptors, failOnce],
    });
    await createClient(Greeter, transport).greet({ name: "Pete" });
    const found = await spans.named(greet, 2);
    expect(found.map(({ attributes }) => attributes["rpc.status_code"])).toEqual(["unavailable", undefined]);
  });

  it("has the error of a call that did not reach a server", async () => {
    const transport = createWebTransport({ baseUrl: "http://127.0.0.1:1", interceptors });
    await expect(createClient(Greeter, transport).greet({ name: "Pete" })).rejects.toThrow();
    const [span] = await spans.named(greet);
    expect(span?.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(span?.attributes).toMatchObject({ "server.address": "127.0.0.1", "server.port": 1 });
  });
});
