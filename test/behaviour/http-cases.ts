import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { expect } from "vitest";
import {
  Health,
  HealthCheckResponse_ServingStatus as Status,
} from "../../generated/grpc/health/v1/health_pb.ts";
import { ServerReflection } from "../../generated/grpc/reflection/v1/reflection_pb.ts";
import type { HttpCase } from "./case.ts";

const origin = "http://localhost:5173";

const greet = (ingressUrl: string, headers: Readonly<Record<string, string>>, body: string) =>
  fetch(`${ingressUrl}/org.example.Greeter/Greet`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });

async function* listServices() {
  yield { messageRequest: { case: "listServices", value: "" } } as const;
}

/** The behaviour of an ingress for HTTP clients, with every engine. */
export const httpCases: readonly HttpCase[] = [
  {
    name: "CORS: a preflight from this machine is allowed",
    async run(ingressUrl) {
      const { status, headers } = await fetch(`${ingressUrl}/org.example.Greeter/Greet`, {
        method: "OPTIONS",
        headers: {
          origin,
          "access-control-request-method": "POST",
          "access-control-request-headers": "content-type, idempotency-key",
        },
      });
      expect(status).toBe(204);
      expect(headers.get("access-control-allow-origin")).toBe(origin);
      expect(headers.get("access-control-allow-headers")).toBe("content-type, idempotency-key");
    },
  },
  {
    name: "CORS: a page reads answers and errors, and the invocation's id",
    async run(ingressUrl) {
      for (const [name, status] of [
        ["Ada", 200],
        ["fail", 404],
        ["passOn", 409],
      ] as const) {
        const response = await greet(ingressUrl, { origin }, JSON.stringify({ name }));
        expect(response.status).toBe(status);
        expect(response.headers.get("access-control-allow-origin")).toBe(origin);
        expect(response.headers.get("access-control-expose-headers")).toContain("x-restate-id");
        expect(response.headers.get("x-restate-id")).toMatch(/^inv_1/);
      }
    },
  },
  {
    name: "CORS: a page of elsewhere reads nothing",
    async run(ingressUrl) {
      const { headers } = await greet(ingressUrl, { origin: "https://elsewhere.example" }, "{}");
      expect(headers.get("access-control-allow-origin")).toBeNull();
    },
  },
  {
    name: "a Connect GET is refused where a method may have side effects",
    async run(ingressUrl) {
      const query = "connect=v1&encoding=json&message=%7B%7D";
      const response = await fetch(`${ingressUrl}/org.example.Greeter/Greet?${query}`);
      expect(response.status).toBe(405);
    },
  },
  {
    name: "a Connect GET is answered where a method has none",
    async run(ingressUrl) {
      const query = `connect=v1&encoding=json&message=${encodeURIComponent('{"number":"7"}')}`;
      const response = await fetch(`${ingressUrl}/org.example.Orders/Find?${query}`);
      expect(await response.json()).toMatchObject({ number: "7" });
    },
  },
  {
    name: "gRPC reflection lists the services and those built in",
    async run(ingressUrl) {
      const client = createClient(ServerReflection, createGrpcTransport({ baseUrl: ingressUrl }));
      const names: string[] = [];
      for await (const { messageResponse } of client.serverReflectionInfo(listServices())) {
        if (messageResponse.case === "listServicesResponse") {
          names.push(...messageResponse.value.service.map(({ name }) => name));
        }
      }
      expect(names).toEqual(
        expect.arrayContaining([
          "org.example.Greeter",
          "org.example.Signup",
          "restateconnect.v1.Invocations",
        ]),
      );
    },
  },
  {
    name: "gRPC health says that it serves",
    async run(ingressUrl) {
      const client = createClient(Health, createGrpcTransport({ baseUrl: ingressUrl }));
      expect(await client.check({ service: "org.example.Greeter" })).toMatchObject({
        status: Status.SERVING,
      });
    },
  },
  {
    name: "JSON that is not a valid message is refused before it reaches a handler",
    async run(ingressUrl) {
      const response = await greet(ingressUrl, {}, '{"nam":"Ada"}');
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ code: "invalid_argument" });
    },
  },
  {
    name: "the argument of a one-way invocation is refused as in a call",
    async run(ingressUrl) {
      for (const argument of ['{"nam":"Ada"}', '{"name":5}']) {
        const call = await greet(ingressUrl, {}, argument);
        const send = await fetch(`${ingressUrl}/dev.restate.Ingress/Invoke`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: `{"service":"org.example.Greeter","method":"Greet","payload":${argument}}`,
        });
        expect(send.status).toBe(call.status);
        const error = await send.json();
        expect(error).toEqual(await call.json());
        expect(error).toMatchObject({ code: "invalid_argument" });
      }
    },
  },
];
