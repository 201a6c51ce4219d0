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

const ask = (path: string, body: string) =>
  http1(ingress.url + path, { headers: { "content-type": "application/json" }, body });

describe.each([1, 10, 29, 30, 31, 32, 33, 34, 40, 48, 49, 50, 60, 98, 99, 100, 101, 1000])(
  "JSON of %d levels",
  (levels) => {
    const refused = { code: "invalid_argument", message: expect.stringMatching(/recursion depth of 100/) };

    it("is refused, or its handler can read it", async () => {
      const { status, body } = await ask("/org.example.Orders/Place", deepOrder(levels));
      const answer = JSON.parse(body.toString());
      if (levels <= 30) {
        expect(answer).toMatchObject({ order: { extra: { a: expect.anything() } } });
      } else if (status !== 200) {
        expect(answer).toMatchObject(refused);
      }
      expect([200, 400]).toContain(status);
    });

    it("is refused as a one-way invocation, or its handler can read it", async () => {
      const invoke = `{"service":"org.example.Orders","method":"Place","payload":${deepOrder(levels)}}`;
      const { status, body } = await ask("/dev.restate.Ingress/Invoke", invoke);
      const answer = JSON.parse(body.toString());
      if (status === 200) {
        const client = createClient(Invocations, createTransport({ baseUrl: ingress.url }));
        expect(await client.attach({ id: answer.id })).toMatchObject({ pb: expect.anything() });
      } else {
        expect(levels).toBeGreaterThan(30);
        expect([400, 412]).toContain(status);
        expect(answer.message).toMatch(/recursion depth of 100/);
      }
    });
  },
);
