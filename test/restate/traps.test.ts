// What Restate's HTTP ingress does that no Connect client expects. Each case runs against the real server,
// with handlers made by Restate's own SDK, as we meet them in the wild.

import type { Transport } from "@connectrpc/connect";
import * as sdk from "@restatedev/restate-sdk";
import { Code, ConnectError, restateError } from "restate-connect";
import { restate } from "restate-connect/engine";
import { createIngress, remote } from "restate-connect/ingress";
import { createTransport } from "restate-connect/node";
import { createTransport as createWebTransport } from "restate-connect/web";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { createOrdersClient, createTillClient } from "../../generated/org/example/orders_restate.ts";
import { InvocationState } from "../../generated/restateconnect/v1/invocations_pb.ts";
import { http1Client } from "../../src/http/http1-client.ts";
import { http2Client } from "../../src/http/http2-client.ts";
import { describeWithRestate } from "../support/describe-restate.ts";
import { failure } from "../support/failure.ts";
import { type SdkEndpoint, sdkEndpoint } from "../support/restate-endpoint.ts";
import { type RestateServer, startRestate } from "../support/restate-server.ts";
import { tcpProxy } from "../support/tcp-proxy.ts";

/** In JSON only, the default of handlers. The name says what to do. */
const jsonGreeter = sdk.service({
  name: "org.example.Greeter",
  handlers: {
    Greet: async (ctx: sdk.Context, { name = "" }: { name?: string }) => {
      const [what, code] = name.split(" ");
      switch (what) {
        case "headers":
          return { greeting: JSON.stringify([...ctx.request().headers.keys()]) };
        case "fail":
          throw new sdk.TerminalError("it failed", { errorCode: Number(code), metadata: { why: "because" } });
        case "sleep":
          await new Promise((resolve) => setTimeout(resolve, Number(code)));
      }
      return { greeting: `Hello ${name}` };
    },
  },
});

const messages = (setOutputContentTypeIfEmpty: boolean) => ({
  accept: "application/*",
  input: sdk.serde.binary,
  output: Object.assign(Object.create(sdk.serde.binary), { contentType: "text/other" }),
  setOutputContentTypeIfEmpty,
});

/** In Protobuf only, with a content type that says something else. */
const binaryOrders = sdk.service({
  name: "org.example.Orders",
  handlers: {
    Place: sdk.handlers.handler(messages(false), async (_, input: Uint8Array) => input),
    Clear: sdk.handlers.handler(messages(false), async () => new Uint8Array(0)),
    Count: sdk.handlers.handler(messages(false), async () => new Uint8Array(0)),
    Find: sdk.handlers.handler(messages(true), async (_, input: Uint8Array) => input),
  },
});

describeWithRestate("protocol restate against the traps of Restate's ingress", () => {
  let server: RestateServer;
  let endpoint: SdkEndpoint;

  beforeAll(async () => {
    [server, endpoint] = [await startRestate(), await sdkEndpoint([jsonGreeter, binaryOrders])];
    await server.register(endpoint.url);
  });
  afterAll(async () => {
    await server?.stop();
    await endpoint?.[Symbol.asyncDispose]();
  });

  type Make = (options: {
    format?: "json" | "binary";
    defaultTimeoutMs?: number;
    baseUrl?: string;
  }) => Transport;
  const clients: readonly (readonly [string, Make])[] = [
    ["node, HTTP/1.1", (o) => createTransport({ baseUrl: server.ingressUrl, protocol: "restate", ...o })],
    [
      "node, HTTP/2",
      (o) => createTransport({ baseUrl: server.ingressUrl, protocol: "restate", httpVersion: "2", ...o }),
    ],
    ["web", (o) => createWebTransport({ baseUrl: server.ingressUrl, protocol: "restate", ...o })],
    [
      "web, in a browser that shows no header of Restate's",
      (o) =>
        createWebTransport({
          baseUrl: server.ingressUrl,
          protocol: "restate",
          fetch: fetchWithHiddenHeaders,
          ...o,
        }),
    ],
  ];

  it("keeps the numeric code and the metadata of a terminal error through an ingress", async () => {
    const { ingressUrl, adminUrl } = server;
    const ingress = createIngress({
      services: [remote(Greeter, { format: "json" })],
      engine: restate({ ingressUrl, adminUrl }),
    });
    const { url } = await ingress.listen({ port: 0, adminPort: 0 });
    try {
      const call = createGreeterClient(createTransport({ baseUrl: url })).greet({ name: "fail 418" });
      const reason = await call.then(
        () => expect.unreachable("it succeeded"),
        (reason: unknown) => reason,
      );
      expect(restateError(reason)).toEqual({
        source: "invocation",
        code: 418,
        message: "it failed",
        metadata: { why: "because" },
        invocationId: expect.stringMatching(/^inv_/),
      });
    } finally {
      await ingress.close();
    }
  });

  describe.each(clients)("%s", (title, make) => {
    const greet = (name: string, options: Parameters<Make>[0] = {}) =>
      createGreeterClient(make({ format: "json", ...options })).greet({ name });

    it.each([
      [3, Code.InvalidArgument],
      [5, Code.NotFound],
      [16, Code.Unauthenticated],
      [400, Code.InvalidArgument],
      [404, Code.NotFound],
      [409, Code.Aborted],
      [412, Code.FailedPrecondition],
      [429, Code.ResourceExhausted],
      [500, Code.Internal],
      [501, Code.Unimplemented],
      [503, Code.Unavailable],
      [999, Code.Unknown],
    ])("reads the numeric code %i of a terminal error", async (code, expected) => {
      const error = await failure(greet(`fail ${code}`));
      expect(error).toMatchObject({ code: expected, rawMessage: "it failed" });
      expect(restateError(error)).toMatchObject({
        source: "invocation",
        code,
        message: "it failed",
        metadata: { why: "because" },
      });
      expect(error.metadata.get("why")).toBe("because");
      expect(error.metadata.has("stacktrace")).toBe(false);
    });

    it("takes a terminal error with the code 200 for the error that it is", async () => {
      expect(await failure(greet("fail 200"))).toMatchObject({ code: Code.Unknown, rawMessage: "it failed" });
    });

    it("takes a terminal error with the code 200 for an error on attach too", async () => {
      const sent = await createGreeterClient(make({ format: "json" })).send.greet({ name: "fail 200" });
      expect(await failure(sent.attach())).toMatchObject({ rawMessage: "it failed" });
    });

    it("says what an unfinished invocation is without an error (HTTP 470)", async () => {
      const sent = await createGreeterClient(make({ format: "json" })).send.greet({ name: "sleep 1000" });
      expect(await sent.get()).toMatchObject({ id: sent.id, state: InvocationState.UNSPECIFIED });
      expect(await sent.attach()).toMatchObject({ greeting: "Hello sleep 1000" });
    });

    it("reads a binary answer whose content type says something else", async () => {
      const receipt = await createOrdersClient(make({})).find({ number: 2n ** 62n });
      expect(receipt.number).toBe(2n ** 62n);
    });

    it.each(["json", "binary"] as const)("reads an empty answer in %s", async (format) => {
      const orders = createOrdersClient(make({ format }));
      expect(await orders.clear()).toBeUndefined();
      expect(await orders.count()).toMatchObject({ value: 0n });
    });

    it("says which content type a handler wants", async () => {
      const error = await failure(greet("Ada", { format: "binary" }));
      expect(error.code).toBe(Code.InvalidArgument);
      expect(error.rawMessage).toContain("application/json");
    });

    it("sends a method without side effects as a POST, for a GET would lose the message", async () => {
      const found = await createOrdersClient(make({})).find({ number: 7n });
      expect(found.number).toBe(7n);
    });

    it("ends a call with its default deadline", async () => {
      const error = await failure(greet("sleep 5000", { defaultTimeoutMs: 200 }));
      expect(error.code).toBe(Code.DeadlineExceeded);
    });

    // fetch does not report a response that breaks off while the request is still being sent.
    it.skipIf(title.startsWith("web"))("reads the plain text of a message too large (413)", async () => {
      const error = await failure(greet("x".repeat(33 << 20)));
      expect(error.code).toBe(Code.ResourceExhausted);
    });

    it("keeps headers that belong to HTTP to itself, for HTTP/2 refuses them", async () => {
      const headers = { "keep-alive": "timeout=5", connection: "close", te: "gzip", "x-mine": "a" };
      const greeter = createGreeterClient(make({ format: "json" }));
      const { greeting } = await greeter.greet({ name: "headers" }, { headers });
      expect(JSON.parse(greeting)).toContain("x-mine");
      expect(JSON.parse(greeting)).not.toContain("keep-alive");
      const sent = await greeter.send.greet({ name: "Ada" }, { headers });
      expect(await sent.attach({ headers })).toMatchObject({ greeting: "Hello Ada" });
    });

    it("keeps 150 calls in flight at once", async () => {
      const greeter = createGreeterClient(make({ format: "json" }));
      const names = Array.from({ length: 150 }, (_, n) => `sleep 50 ${n}`);
      const answers = await Promise.all(names.map((name) => greeter.greet({ name })));
      expect(answers.map((a) => a.greeting)).toEqual(names.map((name) => `Hello ${name}`));
    });

    it("says that an unknown service is not found", async () => {
      const error = await failure(createOrdersClient(make({})).lookup({ number: 1n }));
      expect(error.code).toBe(Code.NotFound);
      expect(error.metadata.get("x-restate-error-source")).toBe("ingress");
    });
  });

  it("says that a request which Node refuses to send is at fault, and not the server", async () => {
    const impossible = [
      [http1Client(server.ingressUrl), "x-mine", "a\nb"],
      [http2Client(server.ingressUrl), "keep-alive", "timeout=5"],
    ] as const;
    for (const [client, name, value] of impossible) {
      const header = { [name]: value };
      const sent = client({ method: "GET", path: "/restate/health", header, signal: undefined });
      await expect(sent).rejects.toMatchObject({
        code: Code.InvalidArgument,
        rawMessage: expect.stringContaining(name),
      });
      client.close();
    }
  });

  it("keeps one HTTP/2 connection for all calls, and opens another when it is lost", async () => {
    await using proxy = await tcpProxy(server.ingressUrl);
    const transport = createTransport({
      baseUrl: proxy.url,
      protocol: "restate",
      httpVersion: "2",
      format: "json",
    });
    const greeter = createGreeterClient(transport);
    for (const name of ["a", "b", "c"]) {
      await greeter.greet({ name });
    }
    expect(proxy.connections()).toBe(1);
    const cut = greeter.greet({ name: "sleep 5000" });
    const settled = cut.catch((reason: unknown) => ConnectError.from(reason).code);
    await new Promise((resolve) => setTimeout(resolve, 200));
    proxy.cut();
    expect(await settled).toBe(Code.Unavailable);
    expect(await greeter.greet({ name: "d" })).toMatchObject({ greeting: "Hello d" });
    expect(proxy.connections()).toBe(2);
  });

  it("leaves an HTTP/2 connection on which the server hangs, and finds it again", async () => {
    const transport = createTransport({
      baseUrl: server.ingressUrl,
      protocol: "restate",
      httpVersion: "2",
      format: "json",
      session: { pingIntervalMs: 50, pingTimeoutMs: 1_000 },
    });
    const greeter = createGreeterClient(transport);
    // Slower than the first ping: a server that answers pings may take its time.
    await greeter.greet({ name: "sleep 1500" });
    server.freeze();
    const error = await greeter.greet({ name: "b" }).catch(ConnectError.from);
    server.thaw();
    expect(error).toMatchObject({ code: Code.Unavailable });
    expect(await greeter.greet({ name: "c" })).toMatchObject({ greeting: "Hello c" });
  });

  it("ends a call to a dead service with a deadline, where Restate would wait for ever", async () => {
    const name = "org.example.Till";
    const dead = await sdkEndpoint([
      sdk.object({ name, handlers: { Deposit: async () => ({ balance: "1" }) } }),
    ]);
    await server.register(dead.url);
    await dead[Symbol.asyncDispose]();
    const transport = createTransport({
      baseUrl: server.ingressUrl,
      protocol: "restate",
      format: "json",
      defaultTimeoutMs: 300,
    });
    await expect(createTillClient(transport).deposit({ amount: 1n })).rejects.toMatchObject({
      code: Code.DeadlineExceeded,
    });
  });
});

/** Restate exposes no header to scripts (CORS): they see the content type and little more. */
const fetchWithHiddenHeaders: typeof globalThis.fetch = async (input, init) => {
  const response = await fetch(input, init);
  const header = new Headers();
  const contentType = response.headers.get("content-type");
  if (contentType !== null) {
    header.set("content-type", contentType);
  }
  return Object.defineProperties(response, { headers: { value: header }, type: { value: "cors" } });
};
