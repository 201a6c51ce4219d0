import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";
import { afterAll, beforeAll, expect, it } from "vitest";
import { FindOrderRequestSchema, OrderSchema, Orders } from "../../generated/org/example/orders_pb.ts";
import { http1, startIngress, type TestIngress } from "./support.ts";

let ingress: TestIngress;
beforeAll(async () => {
  ingress = await startIngress();
});
afterAll(() => ingress.close());

function get(query: string, headers: Record<string, string> = {}) {
  return http1(`${ingress.url}/org.example.Orders/Find${query}`, { method: "GET", headers });
}

it.each([true, false])(
  "answers Connect's GET for a method without side effects (binary: %s)",
  async (useBinaryFormat) => {
    const methods: (string | undefined)[] = [];
    const transport = createConnectTransport({
      baseUrl: ingress.url,
      useHttpGet: true,
      useBinaryFormat,
      fetch: (input, init) => {
        methods.push(init?.method);
        return fetch(input, init);
      },
    });
    const { number } = await createClient(Orders, transport).find({ number: 9007199254740993n });
    expect(number).toBe(9007199254740993n);
    expect(methods).toEqual(["GET"]);
  },
);

it("reads the message from the query", async () => {
  const json = await get(`?connect=v1&encoding=json&message=${encodeURIComponent('{"number":5}')}`);
  expect(JSON.parse(json.body.toString()).number).toBe("5");
  const bytes = toBinary(FindOrderRequestSchema, { $typeName: "org.example.FindOrderRequest", number: 5n });
  const binary = await get(`?encoding=proto&base64=1&message=${Buffer.from(bytes).toString("base64url")}`);
  expect(binary.headers["content-type"]).toBe("application/proto");
  expect(binary.headers.vary).toContain("Accept-Encoding");
});

it("accepts a percent-encoded binary message with any bytes", async () => {
  const { body } = await get("?encoding=proto&message=%08%ff%01");
  expect(fromBinary(OrderSchema, body).number).toBe(255n);
});

it("takes a question mark in the query", async () => {
  const { body } = await get(`?x=?&encoding=json&message=${encodeURIComponent('{"number":5}')}&y=?`);
  expect(JSON.parse(body.toString()).number).toBe("5");
});

it("takes no query for the empty message, and answers in JSON", async () => {
  const { status, headers, body } = await get("");
  expect(status).toBe(200);
  expect(headers["content-type"]).toBe("application/json");
  expect(JSON.parse(body.toString()).number).toBe("0");
});

it.each(["?encoding=xml&message=1", "?message=1"])("answers %s with 415", async (query) => {
  expect((await get(query)).status).toBe(415);
});

it("refuses a message that is not base64", async () => {
  const { status, body } = await get("?encoding=json&base64=1&message=%7B%7D");
  expect(status).toBe(400);
  expect(JSON.parse(body.toString()).code).toBe("invalid_argument");
});

it("does not run a method with side effects", async () => {
  const { status, headers, body } = await http1(`${ingress.url}/org.example.Orders/Clear`, { method: "GET" });
  expect(status).toBe(405);
  expect(headers.allow).toBe("POST");
  expect(body.toString()).toContain("use POST");
});
