import { createServer } from "node:net";
import { gzipSync } from "node:zlib";
import { EmptySchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import { invocation } from "restate-connect";
import { createTransport as createNodeTransport } from "restate-connect/node";
import { createTransport as createWebTransport } from "restate-connect/web";
import { describe, expect, it } from "vitest";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { Admin } from "../../generated/restateconnect/v1/admin_pb.ts";
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

  it("says that an HTML page is not an ingress", async () => {
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

  it.each([
    [404, Code.Unimplemented, "nothing is served at this path. Check baseUrl"],
    [415, Code.Unknown, "the server does not take application/"],
    [
      418,
      Code.Unknown,
      "that does not look like a Connect, gRPC or gRPC-web server. Check baseUrl and protocol",
    ],
  ])("says what a %i means whose body is JSON of another kind", async (status, code, cause) => {
    await using server = await httpServer((_, response) => {
      response.writeHead(status, { "content-type": "application/json; charset=utf-8" });
      response.end('{ "error":\n"not here" }');
    });
    const error = await errorOf(create(server.url));
    expect(error.code).toBe(code);
    expect(error.rawMessage).toContain(
      `${server.url}/org.example.Greeter/Greet answered HTTP ${status} with application/json; charset=utf-8 ({ "error": "not here" }): ${cause}`,
    );
  });

  it("knows the 404 of an API gateway for no error of the protocol", async () => {
    await using server = await httpServer((_, response) => {
      response.writeHead(404, { "content-type": "application/json" }).end('{"message":"no Route matched"}');
    });
    expect((await errorOf(create(server.url))).rawMessage).toContain(
      `/org.example.Greeter/Greet answered HTTP 404 with application/json ({"message":"no Route matched"}): nothing is served at this path`,
    );
  });

  it("does not follow a redirect, and says where it leads", async () => {
    await using server = await httpServer((_, response) => {
      response.writeHead(308, { location: "https://elsewhere.example/" }).end();
    });
    const error = await errorOf(create(server.url));
    expect(error.code).toBe(Code.Unknown);
    expect(error.rawMessage).toBe(
      `${server.url}/org.example.Greeter/Greet answered HTTP 308: that is a redirect to https://elsewhere.example/, and calls follow none. Set baseUrl to where it leads`,
    );
  });

  it("says that TLS meets no TLS", async () => {
    await using server = await httpServer((_, response) => response.end());
    const url = server.url.replace("http:", "https:");
    const error = await errorOf(create(url));
    expect(error.code).toBe(Code.Unavailable);
    expect(error.rawMessage).toMatch(
      /^cannot reach https:\/\/127.*\/org\.example\.Greeter\/Greet \((EPROTO|ERR_SSL_\w+)\): the TLS handshake failed\. Does the URL say https:\/\/ where the server speaks http:\/\/\?$/,
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

describe.each(transports.filter(([name]) => !/json|restate/.test(name)))("%s", (_name, create) => {
  it("takes JSON from another server for no success", async () => {
    await using server = await httpServer((_, response) => {
      response.writeHead(200, { "content-type": "application/json" }).end('{"foo":1}');
    });
    const error = await errorOf(create(server.url));
    expect(error.rawMessage).toBe(
      `${server.url}/org.example.Greeter/Greet answered HTTP 200 with application/json ({"foo":1}): that does not look like a Connect, gRPC or gRPC-web server. Check baseUrl and protocol`,
    );
  });
});

describe.each(transports.filter(([name]) => /, connect/.test(name)))("%s", (_name, create) => {
  it("leaves an error of the Connect protocol as it is, compressed or not", async () => {
    await using server = await httpServer((request, response) => {
      const body = gzipSync('{"code":"not_found","message":"no such greeting"}');
      expect(request.headers["accept-encoding"]).toContain("gzip");
      response.writeHead(404, { "content-type": "application/json", "content-encoding": "gzip" }).end(body);
    });
    const error = await errorOf(create(server.url));
    expect(error.code).toBe(Code.NotFound);
    expect(error.rawMessage).toBe("no such greeting");
  });

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

  it("says that TLS meets no TLS", async () => {
    await using server = await httpServer((_, response) => response.end());
    const url = server.url.replace("http:", "https:");
    const error = await errorOf(createNodeTransport({ baseUrl: url, protocol: "grpc" }));
    expect(error.code).toBe(Code.Unavailable);
    expect(error.rawMessage).toMatch(
      /^cannot reach https:.*\/Greet \(ERR_SSL_\w+\): the TLS handshake failed\./,
    );
  });

  it.each([{ protocol: "grpc" }, { protocol: "connect", httpVersion: "2" }] as const)(
    "says which protocols run on HTTP/1.1, which gRPC does not: %j",
    async (options) => {
      await using server = await httpServer((_, response) => response.end());
      const error = await errorOf(createNodeTransport({ ...options, baseUrl: server.url }));
      expect(error.code).toBe(Code.Unavailable);
      expect(error.rawMessage).toContain(
        'the server does not speak HTTP/2, which gRPC needs. Over HTTP/1.1 (httpVersion: "1.1") use protocol: "connect" or "grpc-web"',
      );
    },
  );
});

describe("restate", () => {
  const inBrowser: typeof globalThis.fetch = async (input, init) =>
    Object.defineProperty(await fetch(input, init), "type", { value: "cors" });
  const restate: readonly [name: string, create: (baseUrl: string) => Transport][] = [
    ["node", (baseUrl) => createNodeTransport({ baseUrl, protocol: "restate" })],
    ["web", (baseUrl) => createWebTransport({ baseUrl, protocol: "restate" })],
    [
      "web, where a browser hides headers",
      (baseUrl) => createWebTransport({ baseUrl, protocol: "restate", fetch: inBrowser }),
    ],
  ];

  it.each(restate)("names the URL and the cause of a JSON 404 of something else (%s)", async (_, create) => {
    await using server = await httpServer((_, response) => {
      response.writeHead(404, { "content-type": "application/json" }).end('{"error":"not here"}');
    });
    const error = await errorOf(create(server.url));
    expect(error.rawMessage).toContain(
      `${server.url}/org.example.Greeter/Greet answered HTTP 404 with application/json ({"error":"not here"}): nothing is served at this path`,
    );
  });

  it.each(restate)("takes JSON from another server for no success (%s)", async (_, create) => {
    await using server = await httpServer((_, response) => {
      response.writeHead(200, { "content-type": "application/json" }).end('{"foo":1}');
    });
    const error = await errorOf(create(server.url));
    expect(error.code).toBe(Code.Internal);
    expect(error.rawMessage).toContain(`${server.url}/org.example.Greeter/Greet`);
    expect(error.rawMessage).toContain("Check baseUrl and protocol");
  });

  it.each(restate)("takes JSON without an invocation for no accepted send (%s)", async (_, create) => {
    await using server = await httpServer((_, response) => {
      response.writeHead(200, { "content-type": "application/json" }).end('{"foo":1}');
    });
    await expect(createGreeterClient(create(server.url)).send.greet({ name: "Pete" })).rejects.toThrow(
      `${server.url}/org.example.Greeter/Greet/send answered HTTP 200 with application/json ({"foo":1}): that does not look like a Restate server`,
    );
  });

  it("takes JSON with fields of a newer message, where a browser hides headers", async () => {
    await using server = await httpServer((request, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(
        request.url?.includes("Greet") ? '{"greeting":"Hello Pete","since":"2.0"}' : '{"first":1}',
      );
    });
    const transport = createWebTransport({ baseUrl: server.url, protocol: "restate", fetch: inBrowser });
    expect(await createGreeterClient(transport).greet({ name: "Pete" })).toMatchObject({
      greeting: "Hello Pete",
    });
    const empty = await createClient(Admin, transport).cancelInvocation({ id: "inv_1" });
    expect(empty.$typeName).toBe("restateconnect.v1.CancelInvocationResponse");
  });
});

describe("options that cannot be used", () => {
  it.each([createNodeTransport, createWebTransport])("refuses a format that there is not", (create) => {
    // @ts-expect-error nor does it type-check
    expect(() => create({ baseUrl: "http://localhost", format: "jsonn" })).toThrow(
      'createTransport: format "jsonn" is unknown: use "binary" or "json"',
    );
  });

  it.each([createNodeTransport, createWebTransport])("refuses a baseUrl with more than a path", (create) => {
    expect(() => create({ baseUrl: "http://localhost/api?tenant=a#b" })).toThrow(
      'createTransport: baseUrl "http://localhost/api?tenant=a#b" must end with its path, because methods are added to it: leave ?tenant=a#b out',
    );
  });

  it("refuses an HTTP version and a compression that there is not", () => {
    // @ts-expect-error nor does it type-check
    expect(() => createNodeTransport({ baseUrl: "http://localhost", httpVersion: "3" })).toThrow(
      'createTransport: httpVersion "3" is unknown: use "1.1" or "2"',
    );
    // @ts-expect-error nor does it type-check
    expect(() => createNodeTransport({ baseUrl: "http://localhost", sendCompression: "zstd" })).toThrow(
      'createTransport: sendCompression "zstd" is unknown: use "gzip" or "br"',
    );
  });

  it("refuses what protocol restate would leave undone", () => {
    const options = { baseUrl: "http://localhost", protocol: "restate" } as const;
    expect(() => createNodeTransport({ ...options, sendCompression: "gzip", readMaxBytes: 1 })).toThrow(
      'createTransport: protocol "restate" has no sendCompression and no readMaxBytes: leave it out',
    );
  });

  it.each(["connect", "grpc", "restate"] as const)(
    "refuses an adminUrl that is not a URL, for %s",
    (protocol) => {
      const baseUrl = "http://localhost";
      expect(() => createNodeTransport({ baseUrl, protocol, adminUrl: "localhost:9070" })).toThrow(
        'createTransport: adminUrl "localhost:9070" must start with http:// or https://, not localhost:',
      );
    },
  );

  it("says that Restate's ingress cannot cancel", async () => {
    const transport = createNodeTransport({ baseUrl: "http://localhost", protocol: "restate" });
    await expect(invocation(transport, "inv_1", EmptySchema).cancel()).rejects.toMatchObject({
      code: Code.FailedPrecondition,
      rawMessage: expect.stringContaining("give createTransport() of restate-connect/node its adminUrl"),
    });
  });

  it("refuses a baseUrl that is not a URL", () => {
    expect(() => createWebTransport({ baseUrl: "localhost" })).toThrow(
      'createTransport: baseUrl "localhost" is not a valid URL: give one such as "http://localhost:8080"',
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
