// What the Restate engine does where the behaviour cases do not reach: a server that is away, slow or in
// other hands too.

import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError, invocation } from "restate-connect";
import { createEndpoint, type Endpoint, service } from "restate-connect/endpoint";
import { type Engine, type RestateOptions, restate } from "restate-connect/engine";
import { createIngress, remote } from "restate-connect/ingress";
import { createTransport } from "restate-connect/node";
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { Accounts } from "../../generated/org/example/accounts_pb.ts";
import { Greeter, GreetRequestSchema, GreetResponseSchema } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { describeWithRestate } from "../support/describe-restate.ts";
import { failure } from "../support/failure.ts";
import { freePort } from "../support/free-port.ts";
import { httpServer } from "../support/http-server.ts";
import { quietSdk } from "../support/quiet-sdk.ts";
import { type RestateServer, startRestate } from "../support/restate-server.ts";

vi.hoisted(() => {
  process.env.RESTATE_LOGGING = "ERROR";
});

const greet = { service: "org.example.Greeter", method: "Greet", key: undefined } as const;
const request = (name: string) => toBinary(GreetRequestSchema, create(GreetRequestSchema, { name }));

const engines: Engine[] = [];
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
});

function engineOn(ingressUrl: string, adminUrl: string, options: Partial<RestateOptions> = {}): Engine {
  const engine = restate({ ingressUrl, adminUrl, ...options });
  engines.push(engine);
  return engine;
}

const operations: readonly (readonly [string, (engine: Engine) => Promise<unknown>])[] = [
  ["call", (engine) => engine.call(greet, request("Ada"))],
  ["send", (engine) => engine.send(greet, request("Ada"))],
  ["attach", (engine) => engine.attach("inv_1")],
  ["output", (engine) => engine.output("inv_1")],
  ["lookup", (engine) => engine.lookup({ ...greet, idempotencyKey: "k" })],
  ["get", (engine) => engine.get("inv_1")],
  ["list", (engine) => engine.list({ pageSize: 1 })],
  ["count", (engine) => engine.count()],
  ["statistics", (engine) => engine.statistics()],
  ["checkWritable", (engine) => engine.checkWritable()],
  ["cancel", (engine) => engine.cancel("inv_1", "cancel")],
  ["resolve", (engine) => engine.awakeables.resolve("sign_1", { format: "json", bytes: new Uint8Array(0) })],
  ["reject", (engine) => engine.awakeables.reject("sign_1", "")],
];

describe("the engine restate() without a server", () => {
  it.each(operations)("%s is unavailable, with a time to try again", async (_, run) => {
    const nowhere = `http://127.0.0.1:${await freePort()}`;
    const error = await failure(run(engineOn(nowhere, nowhere)));
    expect(error.code).toBe(Code.Unavailable);
    expect(error.metadata.get("retry-after")).toBe("1");
  });

  it.each(operations)("%s ends when the engine closes", async (_, run) => {
    await using silent = await httpServer(() => {});
    const engine = engineOn(silent.url, silent.url, { httpVersion: "1.1" });
    const waiting = failure(run(engine));
    await engine.close();
    expect((await waiting).code).toBe(Code.Unavailable);
    expect((await failure(run(engine))).code).toBe(Code.Unavailable);
  });

  it("a call that lasts too long is unavailable, and says what that means", async () => {
    await using silent = await httpServer(() => {});
    const engine = engineOn(silent.url, silent.url, { httpVersion: "1.1", callTimeoutMs: 100 });
    const error = await failure(engine.call(greet, request("Ada")));
    expect(error.code).toBe(Code.Unavailable);
    expect(error.metadata.get("retry-after")).toBe("1");
    expect(error.message).toContain("goes on");
  });

  it.each([2 ** 31, Number.POSITIVE_INFINITY])("a call may last %d ms", async (callTimeoutMs) => {
    await using slow = await httpServer((_, response) => {
      setTimeout(() => response.writeHead(200, { "x-restate-id": "inv_1" }).end(), 50);
    });
    const engine = engineOn(slow.url, slow.url, { httpVersion: "1.1", callTimeoutMs });
    expect((await engine.call(greet, request("Ada"))).id).toBe("inv_1");
  });

  it("a call ends with the caller's reason", async () => {
    await using silent = await httpServer(() => {});
    const controller = new AbortController();
    const engine = engineOn(silent.url, silent.url, { httpVersion: "1.1" });
    const call = failure(engine.call(greet, request("Ada"), controller));
    const reason = new ConnectError("gone", Code.Canceled);
    controller.abort(reason);
    expect(await call).toBe(reason);
  });

  it("a server without HTTP/2 is unavailable, with the option that helps", async () => {
    await using old = await httpServer((_, response) => {
      response.end("{}");
    });
    const error = await failure(engineOn(old.url, old.url).call(greet, request("Ada")));
    expect(error).toMatchObject({ code: Code.Unavailable });
    expect(error.message).toContain('httpVersion: "1.1"');
  });

  it("a response that is not from Restate does not become an outcome", async () => {
    await using page = await httpServer((_, response) => {
      response.writeHead(200, { "content-type": "text/html" }).end("<html>hello</html>");
    });
    const engine = engineOn(page.url, page.url, { httpVersion: "1.1" });
    for (const error of [
      await failure(engine.send(greet, request("Ada"))),
      await failure(engine.call(greet, request("Ada"))),
    ]) {
      expect(error.message).toContain(`${page.url}/org.example.Greeter/Greet`);
      expect(error.message).toContain("web page");
    }
  });
});

describeWithRestate("the engine restate()", () => {
  let server: RestateServer;
  let endpoint: Endpoint;

  beforeAll(async () => {
    quietSdk();
    server = await startRestate();
    endpoint = createEndpoint({
      services: [service(Greeter, { greet: ({ name }) => ({ greeting: name }) })],
    });
    const { url } = await endpoint.listen({ port: 0 });
    await server.register(url);
  });
  afterAll(async () => {
    await server?.stop();
    await endpoint?.close({ drainMs: 0 });
  });

  const engine = () => engineOn(server.ingressUrl, server.adminUrl);

  it("lets several ingresses share a server", async () => {
    const { id } = await engine().send(greet, request("Ada"));
    const outcome = await engine().attach(id);
    expect(outcome.ok && fromBinary(GreetResponseSchema, outcome.output).greeting).toBe("Ada");
  });

  it("says what Restate does not know, and what to do", async () => {
    const error = await failure(engine().call({ ...greet, service: "org.example.Orders" }, request("Ada")));
    expect(error.code).toBe(Code.NotFound);
    expect(error.message).toContain("register");
  });

  it("does not take JSON for Protobuf", async () => {
    const transport = createTransport({ baseUrl: server.ingressUrl, protocol: "restate", format: "json" });
    const { id } = await createGreeterClient(transport).send.greet({ name: "Ada" });
    expect((await failure(engine().attach(id))).code).toBe(Code.FailedPrecondition);
  });

  it("joins a call that was made in JSON, and finds its outcome", async () => {
    const ingress = createIngress({ services: [remote(Greeter)], engine: engine() });
    onTestFinished(() => ingress.close());
    const { url } = await ingress.listen({ port: 0, adminPort: 0 });
    const json = createTransport({ baseUrl: server.ingressUrl, protocol: "restate", format: "json" });
    const options = { idempotencyKey: "first in JSON" };
    const first = await createGreeterClient(json).greet({ name: "Ada" }, options);
    const transport = createTransport({ baseUrl: url });
    expect(await createGreeterClient(transport).greet({ name: "Ada" }, options)).toEqual(first);
    const same = invocation(transport, { method: Greeter.method.greet, ...options });
    expect(await same.output()).toEqual(first);
    expect(await same.attach()).toEqual(first);
  });

  it("reports when an outcome with an idempotency key expires", async () => {
    const options = { idempotency: { key: "expires" } };
    await engine().call(greet, request("Ada"), options);
    const { expiresAt } = await engine().call(greet, request("Ada"), options); // the first does not say
    expect(expiresAt?.getTime()).toBeGreaterThan(Date.now());
  });

  it("is of use again when the server is back", async () => {
    const one = engine();
    const { id } = await one.send(greet, request("before"));
    await one.attach(id);
    await server.kill();
    expect((await failure(one.call(greet, request("Ada")))).code).toBe(Code.Unavailable);
    await server.restart();
    const { outcome } = await one.call(greet, request("after"));
    expect(outcome.ok).toBe(true);
    expect((await one.attach(id)).ok).toBe(true);
  });

  it("is unavailable, with a time to try again, while the server hangs", async () => {
    const frozen = engine();
    server.freeze();
    const errors = [
      failure(frozen.call(greet, request("Ada"))),
      failure(frozen.send(greet, request("Ada"))),
      failure(frozen.attach("inv_1")),
    ];
    for (const error of await Promise.all(errors)) {
      expect(error.code).toBe(Code.Unavailable);
      expect(error.metadata.get("retry-after")).toBe("1");
      expect(error.message).toContain("no sign of life");
    }
    server.thaw();
    expect((await frozen.call(greet, request("Ada"))).outcome.ok).toBe(true);
  });

  it("lists by ages and from pages that no calendar has", async () => {
    await engine().call(greet, request("Ada"));
    const page = { pageSize: 1 };
    expect((await engine().list({ ...page, minAgeMs: 3e14 })).invocations).toEqual([]);
    expect((await engine().list({ ...page, minAgeMs: -3e14 })).invocations).toHaveLength(1);
    const pageToken = "999999999999999.inv_1";
    expect((await engine().list({ ...page, pageToken })).invocations).toHaveLength(1);
  });

  it("asks the admin API of whose an outcome is only where it looks like JSON", async () => {
    await using admin = await httpServer((_, response) => response.writeHead(500).end());
    const ingress = createIngress({
      services: [remote(Greeter), remote(Accounts, { format: "json" })],
      engine: engineOn(server.ingressUrl, admin.url, { httpVersion: "1.1" }),
    });
    const { url } = await ingress.listen({ port: 0, adminPort: 0 });
    const sent = await createGreeterClient(createTransport({ baseUrl: url })).send.greet({ name: "Ada" });
    expect(await sent.attach()).toMatchObject({ greeting: "Ada" });
    const inJson = createTransport({ baseUrl: server.ingressUrl, protocol: "restate", format: "json" });
    const { id } = await createGreeterClient(inJson).send.greet({ name: "Ada" });
    const handle = invocation(createTransport({ baseUrl: url }), id, GreetResponseSchema);
    await expect(handle.attach()).rejects.toThrow("admin API");
    await ingress.close();
  });

  it("refuses a page token of somebody else", async () => {
    const error = await failure(engine().list({ pageSize: 1, pageToken: "1; DROP TABLE x" }));
    expect(error.code).toBe(Code.InvalidArgument);
  });
});
