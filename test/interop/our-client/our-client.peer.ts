import { Code, ConnectError } from "@connectrpc/connect";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GreetResponseSchema } from "../../../generated/org/example/greeter_pb.ts";
import { createGreeterClient, type GreeterClient } from "../../../generated/org/example/greeter_restate.ts";
import { createTransport, type NodeTransportOptions } from "../../../src/transport/node.ts";
import * as web from "../../../src/transport/web.ts";
import { describeWith } from "../support/describe-with.ts";
import { goPrograms } from "../support/go.ts";
import { connectNode, goServer, grpcJs, type Server } from "./servers.ts";

type Options = Omit<NodeTransportOptions, "baseUrl">;

const connectWays: readonly Options[] = [
  { protocol: "connect" },
  { protocol: "connect", format: "json" },
  { protocol: "connect", sendCompression: "gzip", compressMinBytes: 0 },
  { protocol: "grpc-web" },
];
const http2Ways: readonly Options[] = [
  { protocol: "connect", httpVersion: "2" },
  { protocol: "grpc-web", httpVersion: "2" },
  { protocol: "grpc" },
];

describe.each(connectWays)("connect-node over HTTP/1.1, %j", (way) =>
  checkClient(() => connectNode("1.1"), way),
);
describe.each(http2Ways)("connect-node over HTTP/2, %j", (way) => checkClient(() => connectNode("2"), way));
describe("grpc-js", () => checkClient(grpcJs, { protocol: "grpc" }));

await describeWith("Go servers", goPrograms, ({ server }) => {
  describe.each([...connectWays, ...http2Ways])("connect-go, %j", (way) =>
    checkClient(() => goServer(server, "connect-go"), way),
  );
  describe("grpc-go", () => checkClient(() => goServer(server, "grpc-go"), { protocol: "grpc" }));
});

/** The tests that our generated client has to pass against every server. */
function checkClient(start: () => Promise<Server>, way: Options): void {
  let server: Server;
  const clients: [string, (baseUrl: string) => GreeterClient][] = [
    ["node", (baseUrl) => createGreeterClient(createTransport({ ...way, baseUrl } as NodeTransportOptions))],
  ];
  const { protocol, httpVersion } = way;
  if (protocol !== "grpc" && httpVersion !== "2") {
    const options = protocol === "grpc-web" ? { protocol } : {};
    clients.push(["web", (baseUrl) => createGreeterClient(web.createTransport({ ...options, baseUrl }))]);
  }
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  describe.each(clients)("restate-connect/%s", (_, create) => {
    it("calls with headers, and gets headers and trailers", async () => {
      const got = new Headers();
      const merge = (headers: Headers) => headers.forEach((value, name) => void got.set(name, value));
      const { greeting } = await create(server.url).greet(
        { name: "Zoë 🦊" },
        { headers: { "x-echo": "one, two" }, onHeader: merge, onTrailer: merge },
      );
      expect(greeting).toBe("Hello Zoë 🦊");
      expect(got.get("x-echo")).toBe("one, two");
      expect(got.get("x-end")).toBe("bye");
    });

    it("gets an error with its details and metadata", async () => {
      const error = await create(server.url).greet({ name: "not found" }).catch(ConnectError.from);
      expect(error).toMatchObject({
        code: Code.NotFound,
        rawMessage: "no such person: 100 % sure, ünd sorry",
      });
      expect((error as ConnectError).metadata.get("x-reason")).toBe("unknown");
      expect((error as ConnectError).findDetails(GreetResponseSchema)).toMatchObject([
        { greeting: "a detail" },
      ]);
    });

    it("gets deadline_exceeded when its time is over", async () => {
      const call = create(server.url).greet({ name: "forever" }, { timeoutMs: 200 });
      await expect(call).rejects.toMatchObject({ code: Code.DeadlineExceeded });
    });

    it("gets canceled when it aborts", async () => {
      const controller = new AbortController();
      const call = create(server.url).greet({ name: "forever" }, { signal: controller.signal });
      setTimeout(() => controller.abort(), 50);
      await expect(call).rejects.toMatchObject({ code: Code.Canceled });
    });
  });
}
