import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordingLogger } from "../support/loggers.ts";
import { http1, http2, startIngress, type TestIngress } from "./support.ts";

let ingress: TestIngress;
beforeAll(async () => {
  ingress = await startIngress({ cors: { origins: ["https://app.example.com"] } });
});
afterAll(() => ingress.close());

const greet = "/org.example.Greeter/Greet";
const allowed = [
  "http://localhost:5173",
  "https://localhost",
  "http://127.0.0.1:3000",
  "http://127.1.2.3",
  "http://[::1]:8000",
  "http://shop.localhost:8000",
  "https://app.example.com",
];
const refused = [
  "https://evil.example.com",
  "http://app.example.com",
  "https://app.example.com.evil.com",
  "http://localhost.evil.com",
  "http://127.0.0.1.evil.com",
  "file://localhost",
  "null",
];

it("logs each origin that is refused once, and how to allow it", async () => {
  const { logger, entries } = recordingLogger();
  await using server = await startIngress({ logger });
  const preflight = (origin: string) =>
    http1(server.url + greet, {
      method: "OPTIONS",
      headers: { origin, "access-control-request-method": "POST" },
    });
  const get = (origin: string, site: string) =>
    http1(`${server.url}/grpc.health.v1.Health/Check`, {
      method: "GET",
      headers: { origin, "sec-fetch-site": site },
    });
  await preflight("https://app.example.com");
  await preflight("https://app.example.com");
  await preflight("http://localhost:5173");
  await get("https://other.example.com", "cross-site");
  await get("https://proxied.example.com", "same-origin"); // which may read the response
  for (let i = 0; i < 200; i += 1) {
    await preflight(`https://${i}.example.com`);
  }
  const message =
    "a page of another origin was refused (CORS): allow the origin with --cors, or with cors of createIngress";
  const first = ["https://app.example.com", "https://other.example.com", "https://0.example.com"];
  expect(entries.slice(0, 3)).toEqual(
    first.map((origin) => ({ level: "warn", message, fields: { origin } })),
  );
  expect(entries.length).toBe(100);
});

describe.each([
  ["HTTP/1.1", http1],
  ["HTTP/2", http2],
])("over %s", (_, ask) => {
  it.each(allowed)("lets %s read responses", async (origin) => {
    const { headers } = await ask(ingress.url + greet, {
      headers: { origin, "content-type": "application/json", "x-echo": "yes" },
      body: "{}",
    });
    expect(headers["access-control-allow-origin"]).toBe(origin);
    expect(headers["access-control-allow-credentials"]).toBe("true");
    expect(headers.vary).toBe("Origin");
    const exposed = headers["access-control-expose-headers"]?.split(", ");
    expect(exposed).toEqual(
      expect.arrayContaining([
        "grpc-status",
        "grpc-message",
        "grpc-status-details-bin",
        "x-restate-id",
        "idempotency-expires",
        "x-restate-execution-time",
        "x-restate-send-status",
        "x-echo",
        "trailer-x-end",
      ]),
    );
  });

  it.each(refused)("does not let %s read responses", async (origin) => {
    const { headers } = await ask(ingress.url + greet, {
      headers: { origin, "content-type": "application/json" },
      body: "{}",
    });
    expect(headers["access-control-allow-origin"]).toBeUndefined();
    expect(headers["access-control-expose-headers"]).toBeUndefined();
    expect(headers.vary).toBe("Origin");
  });

  it.each([
    ["a handler's error", greet, "application/json", '{"name":"not found"}', 404],
    ["a malformed message", greet, "application/json", "{", 400],
    ["an unknown service", "/org.example.Nobody/Greet", "application/json", "{}", 404],
    ["a missing content type", greet, "", "{}", 415],
    ["health, which Connect-ES answers", "/grpc.health.v1.Health/Check", "application/json", "{}", 200],
  ])("lets an allowed origin read %s", async (_name, path, type, body, status) => {
    const answer = await ask(ingress.url + path, {
      headers: { origin: "http://localhost:1", ...(type === "" ? {} : { "content-type": type }) },
      body,
    });
    expect(answer.status).toBe(status);
    expect(answer.headers["access-control-allow-origin"]).toBe("http://localhost:1");
  });

  it("answers a preflight for any headers", async () => {
    const { status, headers, body } = await ask(ingress.url + greet, {
      method: "OPTIONS",
      headers: {
        origin: "http://localhost:5173",
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type, connect-protocol-version, x-tenant",
      },
    });
    expect(status).toBe(204);
    expect(body.byteLength).toBe(0);
    expect(headers["access-control-allow-origin"]).toBe("http://localhost:5173");
    expect(headers["access-control-allow-methods"]).toBe("POST, GET");
    expect(headers["access-control-allow-headers"]).toBe("content-type, connect-protocol-version, x-tenant");
    expect(headers["access-control-max-age"]).toBe("7200");
  });

  it("allows nothing to the preflight of another origin", async () => {
    const { status, headers } = await ask(ingress.url + greet, {
      method: "OPTIONS",
      headers: { origin: "https://evil.example.com", "access-control-request-method": "POST" },
    });
    expect(status).toBe(204);
    expect(Object.keys(headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
  });
});

it("lets any origin in for *, without credentials", async () => {
  await using open = await startIngress({ cors: { origins: ["*"] } });
  const { headers } = await http1(open.url + greet, {
    headers: { origin: "https://any.example.com", "content-type": "application/json" },
    body: "{}",
  });
  expect(headers["access-control-allow-origin"]).toBe("*");
  expect(headers["access-control-allow-credentials"]).toBeUndefined();
});

it("does not let pages of any origin use the admin port", async () => {
  const origin = "http://localhost:5173";
  const preflight = await http1(`${ingress.adminUrl}/invocations/inv_1`, {
    method: "OPTIONS",
    headers: { origin, "access-control-request-method": "DELETE" },
  });
  const read = await http1(`${ingress.adminUrl}/services`, { method: "GET", headers: { origin } });
  for (const { headers } of [preflight, read]) {
    expect(Object.keys(headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
  }
});
