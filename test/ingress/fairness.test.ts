import { connect as http2Connect } from "node:http2";
import { createClient } from "@connectrpc/connect";
import { expect, it } from "vitest";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import { createTransport, type NodeTransportOptions } from "../../src/transport/node.ts";
import { http1, http2, startIngress } from "./support.ts";

const greet = "/org.example.Greeter/Greet";
const json = { "content-type": "application/json" };
const watch = {
  ":method": "POST",
  ":path": "/grpc.health.v1.Health/Watch",
  "content-type": "application/grpc",
};

it("lets one connection have 250 requests at once", async () => {
  await using ingress = await startIngress();
  const session = http2Connect(ingress.url);
  const settings = await new Promise<{ maxConcurrentStreams?: number }>((resolve) =>
    session.once("remoteSettings", resolve),
  );
  expect(settings.maxConcurrentStreams).toBe(250);
  session.destroy();
});

it.each([
  { protocol: "connect", httpVersion: "2" },
  { protocol: "connect", httpVersion: "1.1" },
  { protocol: "grpc" },
  { protocol: "grpc-web", httpVersion: "2" },
] as const)("answers 1,000 calls at once over one transport: %j", async (way) => {
  await using ingress = await startIngress();
  const client = createClient(
    Greeter,
    createTransport({ ...way, baseUrl: ingress.url } as NodeTransportOptions),
  );
  const names = Array.from({ length: 1_000 }, (_, i) => `caller ${i}`);
  const answers = await Promise.all(names.map((name) => client.greet({ name })));
  expect(answers.map(({ greeting }) => greeting)).toEqual(names.map((name) => `Hello ${name}`));
});

it("answers 400 calls of 200 kB at once over one transport", async () => {
  await using ingress = await startIngress({ limits: { maxBufferedBytes: 2 ** 30 } });
  const client = createClient(Greeter, createTransport({ protocol: "grpc", baseUrl: ingress.url }));
  const name = "x".repeat(200_000);
  const answers = await Promise.all(Array.from({ length: 400 }, () => client.greet({ name })));
  expect(new Set(answers.map(({ greeting }) => greeting.length))).toEqual(new Set([200_006]));
});

it("keeps room for calls, however many streams of health there are", async () => {
  await using ingress = await startIngress({ limits: { maxConcurrentRequests: 40 } });
  const session = http2Connect(ingress.url);
  const statuses = await Promise.all(
    Array.from({ length: 10 }, () => {
      const stream = session.request(watch);
      stream.on("error", () => {});
      stream.end(Buffer.alloc(5));
      return new Promise((resolve) => stream.once("response", (headers) => resolve(headers[":status"])));
    }),
  );
  expect(statuses.filter((status) => status === 200)).toHaveLength(4);
  expect(statuses.filter((status) => status === 503)).toHaveLength(6);
  expect((await http1(ingress.url + greet, { headers: json, body: "{}" })).status).toBe(200);
  session.destroy();
  const check = async () => {
    const again = http2Connect(ingress.url);
    const stream = again.request(watch);
    stream.end(Buffer.alloc(5));
    const status = await new Promise((resolve) =>
      stream.once("response", (headers) => resolve(headers[":status"])),
    );
    again.destroy();
    return status;
  };
  await expect.poll(check).toBe(200);
  expect((await http2(ingress.url + greet, { headers: json, body: "{}" })).status).toBe(200);
});
