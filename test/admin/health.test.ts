import { createTransport } from "restate-connect/node";
import { describe, expect, it } from "vitest";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { createIngress, service } from "../../src/ingress/index.ts";
import { http1, startIngress } from "../ingress/support.ts";
import { temporaryEngine } from "../ingress/temporary-engine.ts";
import { freePort } from "../support/free-port.ts";

async function ask(adminUrl: string, path: string) {
  const { body } = await http1(adminUrl + path, { method: "GET" });
  return JSON.parse(body.toString()) as object;
}

const healthy = { status: "ok" };

describe("GET /ready and /health", () => {
  it("answer while the engine starts: ready once it has started", async () => {
    const engine = temporaryEngine();
    const start = engine.start.bind(engine);
    const release = Promise.withResolvers<void>();
    Object.assign(engine, {
      async start(...parameters: Parameters<typeof start>) {
        await release.promise;
        await start(...parameters);
      },
    });
    const ingress = createIngress({ services: [service(Greeter, { greet: () => ({}) })], engine });
    const adminPort = await freePort();
    const adminUrl = `http://127.0.0.1:${adminPort}`;
    const listening = ingress.listen({ port: 0, adminPort });
    await expect.poll(() => ask(adminUrl, "/health").catch(() => undefined)).toMatchObject(healthy);
    expect((await http1(`${adminUrl}/health`, { method: "GET" })).status).toBe(200);
    expect(await http1(`${adminUrl}/ready`, { method: "GET" })).toMatchObject({ status: 503 });
    expect(await ask(adminUrl, "/ready")).toEqual({
      status: "starting",
      reason: "the engine is starting",
    });
    for (const [method, path] of [
      ["GET", "/services"],
      ["POST", "/restateconnect.v1.Admin/DescribeServer"],
    ] as const) {
      const headers = { "content-type": "application/json" };
      const answer = await http1(adminUrl + path, {
        method,
        headers,
        ...(method === "POST" && { body: "{}" }),
      });
      expect(answer.status).toBe(503);
      expect(answer.body.toString()).toContain("the server is starting");
    }
    expect((await http1(`${adminUrl}/ready`, { method: "GET", headers: { host: "a.example" } })).status).toBe(
      403,
    );
    release.resolve();
    await listening;
    expect(await ask(adminUrl, "/ready")).toEqual({ status: "ready" });
    await ingress.close();
  });

  it("say that the server is draining until what is in flight has ended", async () => {
    const release = Promise.withResolvers<void>();
    const running = Promise.withResolvers<void>();
    const greeter = service(Greeter, {
      async greet() {
        running.resolve();
        await release.promise;
        return {};
      },
    });
    const ingress = await startIngress({ services: [greeter], limits: { drainTimeoutMs: 60_000 } });
    const call = createGreeterClient(createTransport({ baseUrl: ingress.url })).greet({});
    await running.promise;
    const closing = ingress.close();
    expect(await ask(ingress.adminUrl, "/ready")).toEqual({
      status: "draining",
      reason: "the server is draining: it finishes what is in flight, and ends",
    });
    expect((await http1(`${ingress.adminUrl}/ready`, { method: "GET" })).status).toBe(503);
    expect(await ask(ingress.adminUrl, "/health")).toEqual({ status: "ok" });
    expect((await http1(`${ingress.adminUrl}/metrics`, { method: "GET" })).status).toBe(200);
    release.resolve();
    await call;
    await closing;
    await expect(ask(ingress.adminUrl, "/health")).rejects.toThrow("ECONNREFUSED");
  });

  it("say that the store is full, while the process is healthy", async () => {
    await using ingress = await startIngress({ engine: temporaryEngine({ maxStoreBytes: 1 }) });
    expect((await http1(`${ingress.adminUrl}/ready`, { method: "GET" })).status).toBe(503);
    expect(await ask(ingress.adminUrl, "/ready")).toEqual({
      status: "not writable",
      reason: "the store has reached its configured size",
    });
    expect(await ask(ingress.adminUrl, "/health")).toEqual({ status: "ok" });
  });
});

describe("listen()", () => {
  it("closes the admin port when the engine does not start", async () => {
    const engine = Object.assign(temporaryEngine(), {
      start: () => Promise.reject(new Error("no disk")),
    });
    const ingress = createIngress({ services: [service(Greeter, { greet: () => ({}) })], engine });
    const adminPort = await freePort();
    await expect(ingress.listen({ port: 0, adminPort })).rejects.toThrow("no disk");
    await expect(ask(`http://127.0.0.1:${adminPort}`, "/health")).rejects.toThrow("ECONNREFUSED");
  });
});
