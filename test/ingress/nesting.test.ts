import { createClient } from "@connectrpc/connect";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Invocations } from "../../generated/restateconnect/v1/invocations_pb.ts";
import { createTransport } from "../../src/transport/node.ts";
import { http1, startIngress, type TestIngress } from "./support.ts";

let ingress: TestIngress;
beforeAll(async () => {
  ingress = await startIngress();
});
afterAll(() => ingress.close());

/** An order whose `google.protobuf.Struct` has so many levels. Protobuf needs up to three for each. */
const deepOrder = (levels: number) => `{"extra":${'{"a":'.repeat(levels)}1${"}".repeat(levels)}}`;

/** The same order in an `Invoke` request. */
const invokeOrder = (levels: number) =>
  `{"service":"org.example.Orders","method":"Place","payload":${deepOrder(levels)}}`;

const ask = (path: string, body: string) =>
  http1(ingress.url + path, { headers: { "content-type": "application/json" }, body });

// Protobuf nests two levels for each level of JSON, below the order itself: 49 levels are 99, and 50 are beyond 100.
describe.each([1, 30, 48, 49])("JSON of %d levels", (levels) => {
  it("reaches the handler", async () => {
    const { status, body } = await ask("/org.example.Orders/Place", deepOrder(levels));
    expect(status).toBe(200);
    expect(JSON.parse(body.toString())).toMatchObject({ order: { extra: { a: expect.anything() } } });
  });

  it("reaches the handler of a one-way invocation", async () => {
    const { status, body } = await ask("/dev.restate.Ingress/Invoke", invokeOrder(levels));
    expect(status).toBe(200);
    const client = createClient(Invocations, createTransport({ baseUrl: ingress.url }));
    expect(await client.attach({ id: JSON.parse(body.toString()).id })).toMatchObject({
      pb: expect.anything(),
    });
  });
});

describe.each([50, 51, 98, 99, 100, 101, 1000])("JSON of %d levels", (levels) => {
  it.each([
    ["a call", "/org.example.Orders/Place", deepOrder],
    ["a one-way invocation", "/dev.restate.Ingress/Invoke", invokeOrder],
  ] as const)("is refused in %s", async (_, path, message) => {
    const { status, body } = await ask(path, message(levels));
    expect(status).toBe(400);
    expect(JSON.parse(body.toString()).message).toMatch(/recursion depth of 100/);
  });
});
