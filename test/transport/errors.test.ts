import { createServer } from "node:net";
import { Code, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import { createTransport as createNodeTransport } from "restate-connect/node";
import { createTransport as createWebTransport } from "restate-connect/web";
import { describe, expect, it } from "vitest";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import { httpServer } from "../support/http-server.ts";

const transports: readonly [name: string, create: (baseUrl: string) => Transport][] = [
  ["web, connect", (baseUrl) => createWebTransport({ baseUrl })],
  ["web, connect json", (baseUrl) => createWebTransport({ baseUrl, format: "json" })],
  ["web, grpc-web", (baseUrl) => createWebTransport({ baseUrl, protocol: "grpc-web" })],
  ["node, connect", (baseUrl) => createNodeTransport({ baseUrl })],
  ["node, connect json", (baseUrl) => createNodeTransport({ baseUrl, format: "json" })],
  ["node, grpc-web", (baseUrl) => createNodeTransport({ baseUrl, protocol: "grpc-web" })],
];

/** The error that greeting through this transport ends with. */
async function errorOf(transport: Transport, timeoutMs?: number): Promise<ConnectError> {
  const client = createClient(Greeter, transport);
  const reason: unknown = await client
    .greet({ name: "Pete" }, timeoutMs === undefined ? {} : { timeoutMs })
    .then(
      () => expect.fail("the call succeeded"),
      (error: unknown) => error,
    );
  expect(reason).toBeInstanceOf(ConnectError);
  return reason as ConnectError;
}

describe.each(transports)("%s", (_name, create) => {
  it("names the URL when nothing listens there", async () => {
    const url = await freeUrl();
    const error = await errorOf(create(url));
    expect(error.code).toBe(Code.Unavailable);
    expect(error.rawMessage).toBe(
      `cannot reach ${url}/org.example.Greeter/Greet (ECONNREFUSED): nothing listens there. Is the ingress running, and is the port right?`,
    );
  });

  it("names a host that does not resolve", async () => {
    const error = await errorOf(create("http://no-such-host.invalid:8080"));
    expect(error.code).toBe(Code.Unavailable);
    expect(error.rawMessage).toMatch(
      /^cannot reach http:\/\/no-such-host\.invalid:8080\/org\.example\.Greeter\/Greet \((ENOTFOUND|EAI_AGAIN)\): the host name does not resolve/,
    );
  });

  it("says that an HTML page is no ingress", async () => {
    await using server = await httpServer((_, response) => {
      response.writeHead(200, { "content-type": "text/html" }).end("<h1>Welcome</h1>");
    });
    const error = await errorOf(create(server.url));
    expect(error.code).toBe(Code.Unknown);
    expect(error.rawMessage).toBe(
      `${server.url}/org.example.Greeter/Greet answered HTTP 200 with text/html: that is a web page, not an ingress. Check baseUrl: host, port and path prefix`,
    );
  });

  it("says what a bare 404 means", async () => {
    await using server = await httpServer((_, response) => response.writeHead(404).end("nope"));
    const error = await errorOf(create(`${server.url}/prefix/`));
    expect(error.code).toBe(Code.Unimplemented);
    expect(error.rawMessage).toBe(
      `${server.url}/prefix/org.example.Greeter/Greet answered HTTP 404: nothing is served at this path. Check baseUrl (path prefix included) and that the service is registered`,
    );
  });

  it("says what an empty 415 means", async () => {
    await using server = await httpServer((_, response) => response.writeHead(415).end());
    const error = await errorOf(create(server.url));
    expect(error.rawMessage).toMatch(
      /answered HTTP 415: the server does not take application\/[a-z+-]+\. Try another/,
    );
  });

  it("keeps the code for a proxy's 503", async () => {
    await using server = await httpServer((_, response) => response.writeHead(503).end("busy"));
    const error = await errorOf(create(server.url));
    expect(error.code).toBe(Code.Unavailable);
  });

  it("reports a deadline as one, though the server never answers", async () => {
    await using server = await httpServer(() => {});
    const error = await errorOf(create(server.url), 50);
    expect(error.code).toBe(Code.DeadlineExceeded);
  });
});

describe.each(transports.filter(([name]) => !name.includes("grpc")))("%s", (_name, create) => {
  it("reads Restate 0.x's spelling of canceled", async () => {
    await using server = await httpServer((_, response) => {
      response.writeHead(408, { "content-type": "application/json" });
      response.end('{"code":"cancelled","message":"canceled by an operator"}');
    });
    const error = await errorOf(create(server.url));
    expect(error.code).toBe(Code.Canceled);
    expect(error.rawMessage).toBe("canceled by an operator");
  });

  it("leaves a 408 that says deadline_exceeded as it is", async () => {
    await using server = await httpServer((_, response) => {
      response.writeHead(408, { "content-type": "application/json" });
      response.end('{"code":"deadline_exceeded","message":"too late"}');
    });
    expect((await errorOf(create(server.url))).code).toBe(Code.DeadlineExceeded);
  });
});

describe("grpc in Node", () => {
  it("names the URL when nothing listens there", async () => {
    const url = await freeUrl();
    const error = await errorOf(createNodeTransport({ baseUrl: url, protocol: "grpc" }));
    expect(error.code).toBe(Code.Unavailable);
    expect(error.rawMessage).toContain(`cannot reach ${url}/org.example.Greeter/Greet (ECONNREFUSED)`);
  });

  it("says that an HTTP/1.1 server is none for gRPC", async () => {
    await using server = await httpServer((_, response) => response.end());
    const error = await errorOf(createNodeTransport({ baseUrl: server.url, protocol: "grpc" }));
    expect(error.rawMessage).toContain(`cannot reach ${server.url}/org.example.Greeter/Greet`);
    expect(error.rawMessage).toContain('httpVersion: "1.1"');
  });
});

describe("options that cannot be used", () => {
  it("refuses a baseUrl that is no URL", () => {
    expect(() => createWebTransport({ baseUrl: "localhost" })).toThrow(
      'createTransport: baseUrl "localhost" is no URL: give one such as "http://localhost:8080"',
    );
  });

  it("refuses a baseUrl without http", () => {
    expect(() => createNodeTransport({ baseUrl: "localhost:8080" })).toThrow(
      'createTransport: baseUrl "localhost:8080" must start with http:// or https://, not localhost:',
    );
  });

  it("refuses gRPC in a browser, and says what to use", () => {
    // @ts-expect-error gRPC does not type-check here either
    expect(() => createWebTransport({ baseUrl: "http://localhost", protocol: "grpc" })).toThrow(
      'createTransport: protocol "grpc" is not available here (fetch cannot read the trailers that gRPC needs; in Node import restate-connect/node): use "connect" or "grpc-web"',
    );
  });

  it("refuses gRPC on HTTP/1.1", () => {
    expect(() =>
      createNodeTransport({ baseUrl: "http://localhost", protocol: "grpc", httpVersion: "1.1" }),
    ).toThrow('protocol "grpc" runs on HTTP/2 only');
  });
});

/** A URL where nothing listens: the port was free a moment ago. */
async function freeUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") {
    return expect.fail("no port");
  }
  return `http://127.0.0.1:${address.port}`;
}
