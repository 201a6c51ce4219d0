import { Code, ConnectError } from "restate-connect";
import { createTransport } from "restate-connect/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCounterClient } from "../../generated/org/example/counter_restate.ts";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { service } from "../../src/ingress/index.ts";
import { http1, http2, raw, startIngress, type TestIngress } from "../ingress/support.ts";
import { temporaryEngine } from "../ingress/temporary-engine.ts";
import { run } from "../support/command.ts";
import { repository } from "../support/markdown.ts";
import { readScrape, scrape } from "./scrape.ts";

const greet = { service: "org.example.Greeter", method: "Greet" };
const rpcs = "restate_connect_rpcs_total";
const refused = "restate_connect_requests_refused_total";
const json = { "content-type": "application/json" };

describe("GET /metrics", () => {
  let ingress: TestIngress;
  beforeAll(async () => {
    ingress = await startIngress();
  });
  afterAll(() => ingress.close());

  it("counts RPCs by service, method, protocol and code, with their durations", async () => {
    for (const protocol of ["connect", "grpc", "grpc-web"] as const) {
      const greeter = createGreeterClient(createTransport({ baseUrl: ingress.url, protocol }));
      await greeter.greet({ name: "Pete" });
      await greeter.greet({ name: "Pete" });
      await expect(greeter.greet({ name: "not found" })).rejects.toThrow();
    }
    const { value } = await scrape(ingress.adminUrl);
    for (const protocol of ["connect", "grpc", "grpc-web"]) {
      expect(value(rpcs, { ...greet, protocol, code: "ok" })).toBe(2);
      expect(value(rpcs, { ...greet, protocol, code: "not_found" })).toBe(1);
      expect(value("restate_connect_rpc_duration_seconds_count", { ...greet, protocol })).toBe(3);
      expect(value("restate_connect_rpc_duration_seconds_bucket", { ...greet, protocol, le: "+Inf" })).toBe(
        3,
      );
      expect(value("restate_connect_rpc_duration_seconds_sum", { ...greet, protocol })).toBeGreaterThan(0);
    }
  });

  it("counts a call whose caller leaves as canceled, and one that is too late as deadline_exceeded", async () => {
    const greeter = createGreeterClient(createTransport({ baseUrl: ingress.url }));
    const leaving = AbortSignal.timeout(50);
    await expect(greeter.greet({ name: "forever" }, { signal: leaving })).rejects.toThrow();
    await http1(`${ingress.url}/org.example.Greeter/Greet`, {
      headers: { ...json, "connect-timeout-ms": "20" },
      body: '{"name":"forever"}',
    });
    const count = async (code: string) =>
      (await scrape(ingress.adminUrl)).value(rpcs, { ...greet, protocol: "connect", code });
    await expect.poll(() => count("canceled")).toBe(1);
    expect(await count("deadline_exceeded")).toBe(1);
  });

  it("has one label value for all services and methods that there are not, and none for keys", async () => {
    const paths = ["/org.example.Greeter/Nope", "/org.example.Nobody/Greet", "/a", "/b/c/d"];
    for (const path of paths) {
      await http1(ingress.url + path, { headers: json, body: "{}" });
    }
    const counter = createCounterClient(createTransport({ baseUrl: ingress.url }));
    await counter.key("secret-key").send.add({ value: 1n });
    const { samples, value } = await scrape(ingress.adminUrl);
    const unknown = samples.filter(({ name, labels }) => name === rpcs && labels.service === "unknown");
    expect(unknown.every(({ labels }) => labels.method === "unknown")).toBe(true);
    expect(unknown.reduce((sum, sample) => sum + sample.value, 0)).toBe(paths.length);
    expect(value(refused, { reason: "unknown_method" })).toBe(paths.length);
    expect(JSON.stringify(samples)).not.toMatch(/secret-key|Nope|Nobody/);
  });

  it("says what the process and the store take", async () => {
    const { value } = await scrape(ingress.adminUrl);
    for (const name of [
      "nodejs_heap_size_used_bytes",
      "process_cpu_seconds_total",
      "restate_connect_store_bytes",
    ]) {
      expect(value(name)).toBeGreaterThan(0);
    }
    expect(value("nodejs_eventloop_lag_max_seconds")).toBeGreaterThanOrEqual(0);
    expect(value("process_start_time_seconds")).toBeCloseTo(performance.timeOrigin / 1_000, 0);
    expect(value("restate_connect_build_info", { engine: "embedded" })).toBe(1);
    expect(value("restate_connect_engine_up")).toBe(1);
  });

  it("is OpenMetrics for those who accept it, and text for all others", async () => {
    const ask = async (accept: string) => {
      const { headers, body } = await http1(`${ingress.adminUrl}/metrics`, {
        method: "GET",
        headers: { accept },
      });
      return { type: headers["content-type"], text: body.toString() };
    };
    const open = await ask("application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.2,*/*;q=0.1");
    expect(open.type).toBe("application/openmetrics-text; version=1.0.0; charset=utf-8");
    expect(open.text).toMatch(/# EOF\n$/);
    expect(open.text).toContain("# TYPE restate_connect_rpcs counter");
    const plain = await ask("text/plain,application/openmetrics-text;version=1.0.0;q=0");
    expect(plain.type).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect((await ask("*/*")).type).toBe(plain.type);
    const samplesOf = ({ text }: { readonly text: string }) =>
      readScrape(text)
        .samples.filter(({ name }) => name.startsWith(rpcs))
        .map(({ name, labels, value }) => ({ name, labels, value }));
    expect(samplesOf(open)).toEqual(samplesOf(plain));
    expect(samplesOf(open).length).toBeGreaterThan(0);
  });

  it.each(["/metrics", "/health", "/ready"])(
    "%s can be read only, over HTTP/1.1 and HTTP/2",
    async (path) => {
      const url = ingress.adminUrl + path;
      for (const request of [http1, http2]) {
        const get = await request(url, { method: "GET" });
        expect([get.status, get.headers["cache-control"]]).toEqual([200, "no-store"]);
        const head = await request(url, { method: "HEAD" });
        expect([head.status, head.body.length]).toEqual([200, 0]);
        expect(head.headers["content-type"]).toBe(get.headers["content-type"]);
        for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
          const other = await request(url, { method });
          expect([other.status, other.headers.allow]).toEqual([405, "GET, HEAD"]);
        }
      }
    },
  );

  it.each(["/metrics", "/health", "/ready"])("%s refuses foreign hosts and pages", async (path) => {
    const ask = async (headers: Readonly<Record<string, string>>) =>
      (await http1(ingress.adminUrl + path, { method: "GET", headers })).status;
    expect(await ask({ host: "attacker.example" })).toBe(403);
    expect(await ask({ origin: "https://attacker.example" })).toBe(403);
    expect(await ask({ "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors" })).toBe(403);
  });

  it("loads prom-client with the first scrape, not before", async () => {
    const script = "node --conditions=@restate-connect/source test/admin/fixtures/lazy-process.ts";
    expect(await run(script, repository)).toBe("after calls: false\nafter a scrape: true\n");
  });

  it("is not on the ingress port", async () => {
    expect((await http1(`${ingress.url}/metrics`, { method: "GET" })).status).not.toBe(200);
  });
});

describe("the metrics of durable invocations", () => {
  it("count attempts, retries, states, queues and commits", async () => {
    const release = Promise.withResolvers<void>();
    let failures = 2;
    const greeter = service(Greeter, {
      async greet({ name }) {
        if (name === "retry" && failures > 0) {
          failures -= 1;
          throw new Error("try again");
        }
        if (name === "hold") {
          await release.promise;
        }
        return { greeting: name };
      },
    });
    const engine = temporaryEngine({
      maxRunning: 1,
      retry: { initialIntervalMs: 1, maxIntervalMs: 1 },
    });
    await using ingress = await startIngress({ services: [greeter], engine });
    const client = createGreeterClient(createTransport({ baseUrl: ingress.url }));
    const before = await scrape(ingress.adminUrl);
    await (await client.send.greet({ name: "retry" })).attach();
    const held = await client.send.greet({ name: "hold" });
    const state = async (name: string) => {
      const { samples } = await scrape(ingress.adminUrl);
      const found = samples.filter(({ labels }) => labels.state === name);
      return found.reduce((sum, { value }) => sum + value, 0);
    };
    await expect.poll(() => state("running")).toBe(1);
    const waiting = await client.send.greet({ name: "waits" });
    const call = client.greet({ name: "waits too" });
    const depth = async (queue: string) =>
      (await scrape(ingress.adminUrl)).value("restate_connect_queue_depth", { queue });
    await expect.poll(() => depth("plain")).toBe(1);
    const { value } = await scrape(ingress.adminUrl);
    expect(value("restate_connect_queue_depth", { queue: "durable" })).toBe(1);
    expect(value("restate_connect_invocations", { service: greet.service, state: "pending" })).toBe(1);
    expect(value("restate_connect_invocations", { service: greet.service, state: "succeeded" })).toBe(1);
    expect(value("restate_connect_oldest_pending_seconds")).toBeGreaterThanOrEqual(0);
    expect(value("restate_connect_attempts_total", greet)).toBe(4);
    expect(value("restate_connect_retries_total", greet)).toBe(2);
    const commits = "restate_connect_store_commit_duration_seconds";
    const committed = value(`${commits}_count`) - before.value(`${commits}_count`);
    // Three sends, two retries and an outcome; some of them may share a commit.
    expect(committed).toBeGreaterThanOrEqual(3);
    expect(value(`${commits}_sum`)).toBeGreaterThan(0);
    release.resolve();
    await Promise.all([held.attach(), waiting.attach(), call]);
  });

  it("have the longest queue of a key, without the key", async () => {
    await using ingress = await startIngress();
    const counter = createCounterClient(createTransport({ baseUrl: ingress.url })).key("a");
    await counter.send.add({ value: 1n }, { delay: 3_600_000 });
    const { value } = await scrape(ingress.adminUrl);
    expect(value("restate_connect_longest_key_queue")).toBe(0);
    expect(value("restate_connect_invocations", { state: "scheduled" })).toBe(1);
  });

  it("are left out while the engine does not answer, and the others stay", async () => {
    const engine = Object.assign(temporaryEngine(), {
      count: () => Promise.reject(new ConnectError("away", Code.Unavailable)),
    });
    await using ingress = await startIngress({ engine });
    const { names, value } = await scrape(ingress.adminUrl);
    expect(value("restate_connect_engine_up")).toBe(0);
    expect(names.has("restate_connect_invocations")).toBe(false);
    expect(value("nodejs_heap_size_used_bytes")).toBeGreaterThan(0);
  });
});

describe("refused requests", () => {
  it("are counted by reason", async () => {
    const engine = temporaryEngine({ maxStoreBytes: 1 });
    await using ingress = await startIngress({
      engine,
      limits: { maxMessageBytes: 1_000, maxConcurrentRequests: 1 },
      authenticate({ headers }) {
        const who = headers.get("x-who");
        if (who !== null) {
          throw new ConnectError(who, who === "nobody" ? Code.Unauthenticated : Code.PermissionDenied);
        }
        return undefined;
      },
    });
    const url = `${ingress.url}/org.example.Greeter/Greet`;
    const post = (headers: Readonly<Record<string, string>>, body = "{}") =>
      http1(url, { headers: { ...json, ...headers }, body });
    await post({ "content-type": "text/plain" });
    await http1(url, { method: "PUT" });
    await http1(url, { method: "GET" });
    await post({ "x-who": "nobody" });
    await post({ "x-who": "somebody" });
    await post({}, JSON.stringify({ name: "x".repeat(2_000) }));
    await raw(ingress.url, ["GET /a HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n"]);
    await expect(
      createGreeterClient(createTransport({ baseUrl: ingress.url })).send.greet({ name: "Pete" }),
    ).rejects.toThrow("configured size");
    const leave = new AbortController();
    const greeter = createGreeterClient(createTransport({ baseUrl: ingress.url }));
    const forever = greeter.greet({ name: "forever" }, { signal: leave.signal }).catch(() => {});
    await expect.poll(async () => (await post({})).status).toBe(429);
    leave.abort();
    await forever;
    const { value } = await scrape(ingress.adminUrl);
    const counts = {
      unsupported_type: 1,
      method_not_allowed: 2,
      unauthenticated: 1,
      permission_denied: 1,
      message_too_large: 1,
      malformed_headers: 1,
      store_full: 1,
    };
    for (const [reason, count] of Object.entries(counts)) {
      expect([reason, value(refused, { reason })]).toEqual([reason, count]);
    }
    expect(value(refused, { reason: "too_many_requests" })).toBeGreaterThanOrEqual(1);
    expect(value(refused, { reason: "queue_full" })).toBe(0);
  });
});
