import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Greeter, GreetResponseSchema } from "../../generated/org/example/greeter_pb.ts";
import { fitHeaders } from "../../src/ingress/http/fit-headers.ts";
import { service } from "../../src/ingress/index.ts";
import { createTransport, type NodeTransportOptions } from "../../src/transport/node.ts";
import { recordingLogger } from "../support/loggers.ts";
import { startIngress, type TestIngress } from "./support.ts";

const large = "m".repeat(80_000);
const { logger, entries } = recordingLogger();
let ingress: TestIngress;
beforeAll(async () => {
  const greeter = service(Greeter, {
    greet({ name }, { responseHeaders, responseTrailers }) {
      const detail = { desc: GreetResponseSchema, value: { greeting: large } };
      switch (name) {
        case "illegal":
          responseHeaders.set("x-name", "a\u007fb");
          responseTrailers.set("x-end", "a\u0007b");
          responseHeaders.set("x-kept", "yes");
          return { greeting: "done" };
        case "illegal error":
          throw new ConnectError("no such guest", Code.NotFound, { "x-name": "a\u0007b", "x-kept": "yes" });
        case "latin":
          responseTrailers.set("x-city", "Köln");
          return { greeting: "done" };
        case "large headers":
          responseHeaders.set("x-log", large);
          responseHeaders.set("x-kept", "yes");
          return { greeting: "done" };
        case "large trailers":
          responseTrailers.set("x-log", large);
          return { greeting: "done" };
        case "large details":
          throw new ConnectError("short", Code.NotFound, { "x-kept": "yes" }, [detail]);
        default:
          throw new ConnectError(large, Code.NotFound, { "x-kept": "yes" }, [detail]);
      }
    },
  });
  ingress = await startIngress({ services: [greeter], logger });
});
afterAll(() => ingress.close());

const ways: readonly Pick<NodeTransportOptions, "protocol" | "httpVersion">[] = [
  { protocol: "connect", httpVersion: "1.1" },
  { protocol: "connect", httpVersion: "2" },
  { protocol: "grpc" },
  { protocol: "grpc-web", httpVersion: "1.1" },
  { protocol: "grpc-web", httpVersion: "2" },
];

describe.each(ways)("over %j", (way) => {
  async function call(name: string, headers = {}) {
    const transport = createTransport({ ...way, baseUrl: ingress.url, retry: false } as NodeTransportOptions);
    let kept: string | null = null;
    const onHeader = (got: Headers) => {
      kept = got.get("x-kept");
    };
    try {
      const { greeting } = await createClient(Greeter, transport).greet({ name }, { onHeader, headers });
      return { greeting, kept };
    } catch (reason) {
      const { code, rawMessage, metadata } = ConnectError.from(reason);
      return { code, rawMessage, kept: metadata.get("x-kept") };
    }
  }
  const logged = () => entries.map(({ message }) => message).join("\n");

  it("an outcome arrives without the metadata that HTTP does not carry, also a durable one", async () => {
    expect(await call("illegal")).toEqual({ greeting: "done", kept: "yes" });
    expect(await call("illegal", { "idempotency-key": JSON.stringify(way) })).toEqual({
      greeting: "done",
      kept: "yes",
    });
    expect(await call("illegal error")).toEqual({
      code: Code.NotFound,
      rawMessage: "no such guest",
      kept: "yes",
    });
    expect(logged()).toContain("dropped response metadata with control characters");
  });

  it("an outcome arrives without headers and trailers that are too large", async () => {
    // gRPC-web has its trailers in the body, where there is room.
    expect(await call("large headers")).toEqual({ greeting: "done", kept: "yes" });
    expect(await call("large trailers")).toMatchObject({ greeting: "done" });
    expect(logged()).toContain("cut response headers or trailers");
  });

  it("a code and its message arrive, however large the details are", async () => {
    expect(await call("large details")).toEqual({ code: Code.NotFound, rawMessage: "short", kept: "yes" });
    const { code, rawMessage, kept } = await call("large message");
    expect({ code, kept, isLong: (rawMessage ?? "").length > 50_000 }).toEqual({
      code: Code.NotFound,
      kept: "yes",
      isLong: true,
    });
  });
});

it("Connect-ES reads a gRPC-web trailer that is not ASCII", async () => {
  const transport = createGrpcWebTransport({ baseUrl: ingress.url, httpVersion: "1.1" });
  let city: string | null = null;
  const onTrailer = (trailers: Headers) => {
    city = trailers.get("x-city");
  };
  expect(await createClient(Greeter, transport).greet({ name: "latin" }, { onTrailer })).toMatchObject({
    greeting: "done",
  });
  expect(city).toBe("Köln");
});

describe("headers that are too large", () => {
  const status = ["grpc-status", "5"] as const;
  const details = ["grpc-status-details-bin", "d".repeat(70_000)] as const;
  const message = ["grpc-message", "%C3%BC".repeat(20_000)] as const;
  const metadata = ["x-log", "l".repeat(70_000)] as const;
  const small = ["x-small", "s"] as const;

  it("lose their details first", () => {
    expect(fitHeaders([status, details, small])).toEqual({
      headers: [status, small],
      cut: ["grpc-status-details-bin"],
    });
  });

  it("then have their message cut, between characters", () => {
    const { headers, cut } = fitHeaders([status, message, details, small]);
    expect(cut).toEqual(["grpc-status-details-bin", "grpc-message"]);
    const [, [, text = ""] = []] = headers;
    expect(headers.map(([name]) => name)).toEqual(["grpc-status", "grpc-message", "x-small"]);
    expect(decodeURIComponent(text)).toMatch(/^ü{9000,}$/);
  });

  it("then lose metadata that have no room, and keep others and the code", () => {
    const { headers, cut } = fitHeaders([metadata, status, message, small]);
    expect(cut).toEqual(["grpc-message", "x-log"]);
    expect(headers.map(([name]) => name)).toEqual(["grpc-status", "grpc-message", "x-small"]);
  });
});
