import { createEndpoint, type Endpoint, service } from "restate-connect/endpoint";
import { restate } from "restate-connect/engine";
import { createIngress, type Ingress, remote } from "restate-connect/ingress";
import { createTransport } from "restate-connect/node";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { Counter } from "../../generated/org/example/counter_pb.ts";
import { createCounterClient } from "../../generated/org/example/counter_restate.ts";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { scrape } from "../admin/scrape.ts";
import { http1 } from "../ingress/support.ts";
import { describeWithRestate } from "../support/describe-restate.ts";
import { quietSdk } from "../support/quiet-sdk.ts";
import { type RestateServer, startRestate } from "../support/restate-server.ts";

vi.hoisted(() => {
  process.env.RESTATE_LOGGING = "ERROR";
});

describeWithRestate("the admin port in front of Restate", () => {
  let server: RestateServer;
  let endpoint: Endpoint;
  let ingress: Ingress;
  let url: string;
  let adminUrl: string;

  beforeAll(async () => {
    quietSdk();
    server = await startRestate();
    const services = [
      service(Greeter, { greet: ({ name }) => ({ greeting: name }) }),
      service(Counter, { add: ({ value }) => ({ value }), get: () => ({}), reset: () => {} }),
    ];
    endpoint = createEndpoint({ services });
    await server.register((await endpoint.listen({ port: 0 })).url);
    ingress = createIngress({
      services: [remote(Greeter)],
      engine: restate({ ingressUrl: server.ingressUrl, adminUrl: server.adminUrl }),
    });
    ({ url, adminUrl } = await ingress.listen({ port: 0, adminPort: 0 }));
  });
  afterAll(async () => {
    await ingress?.close();
    await server?.stop();
    await endpoint?.close({ drainMs: 0 });
  });

  const ready = async () => {
    const { status, body } = await http1(`${adminUrl}/ready`, { method: "GET" });
    const { reason } = JSON.parse(body.toString()) as { readonly reason?: string };
    return { status, reason };
  };

  it("has the metrics that Restate knows, and not the others", async () => {
    const greeter = createGreeterClient(createTransport({ baseUrl: url }));
    await greeter.greet({ name: "Ada" });
    await greeter.send.greet({ name: "later" }, { delay: 3_600_000 });
    // Of a service that this ingress does not have.
    const transport = createTransport({ baseUrl: server.ingressUrl, protocol: "restate" });
    await createCounterClient(transport).key("secret").send.add({ value: 1n }, { delay: 3_600_000 });
    const scheduled = { state: "scheduled" };
    const count = async (label: string) =>
      (await scrape(adminUrl)).value("restate_connect_invocations", { ...scheduled, service: label });
    await expect.poll(() => count("org.example.Greeter").catch(() => 0), { timeout: 10_000 }).toBe(1);
    await expect.poll(() => count("unknown").catch(() => 0), { timeout: 10_000 }).toBe(1);
    const { names, samples, value } = await scrape(adminUrl);
    expect(value("restate_connect_build_info", { engine: "restate" })).toBe(1);
    expect(value("restate_connect_engine_up")).toBe(1);
    expect(value("restate_connect_rpcs_total", { service: "org.example.Greeter", code: "ok" })).toBe(1);
    expect(value("restate_connect_queue_depth", { queue: "durable" })).toBe(0);
    expect(value("restate_connect_oldest_pending_seconds")).toBe(0);
    expect([...names].filter((name) => /store|attempts|retries/.test(name))).toEqual([]);
    expect(JSON.stringify(samples)).not.toMatch(/secret|Counter/);
  });

  it("is ready while Restate takes requests", async () => {
    expect(await ready()).toEqual({ status: 200, reason: undefined });
    await server.kill();
    const away = await ready();
    expect(away.status).toBe(503);
    expect(away.reason).toContain(server.ingressUrl);
    expect((await http1(`${adminUrl}/health`, { method: "GET" })).status).toBe(200);
    await expect.poll(async () => (await scrape(adminUrl)).value("restate_connect_engine_up")).toBe(0);
    await server.restart();
    await expect.poll(async () => (await ready()).status, { timeout: 20_000 }).toBe(200);
  });
});
