import { fromBinary, toJson } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { codeFromString } from "@connectrpc/connect/protocol-connect";
import { findTrailerError } from "@connectrpc/connect/protocol-grpc";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { ReceiptSchema } from "../../generated/org/example/orders_pb.ts";
import { encodeFrame } from "../../src/wire/grpc-frame.ts";
import { accepted, type Message, refusedBytes, refusedJson } from "./hostile-messages.ts";
import { http1, http2, startIngress, type TestIngress } from "./support.ts";

let ingress: TestIngress;
beforeAll(async () => {
  ingress = await startIngress();
});
afterAll(() => ingress.close());

const place = "/org.example.Orders/Place";

/** The order that the handler got, as JSON. @throws ConnectError as the caller sees it. */
type Place = (order: Message) => Promise<unknown>;

async function overConnect(order: Message): Promise<unknown> {
  const isJson = typeof order === "string";
  const headers = { "content-type": `application/${isJson ? "json" : "proto"}` };
  const { status, body } = await http1(ingress.url + place, { headers, body: order });
  if (status !== 200) {
    const { code, message } = JSON.parse(body.toString()) as { code: string; message: string };
    throw new ConnectError(message, codeFromString(code));
  }
  return isJson ? (JSON.parse(body.toString()) as { order: unknown }).order : orderIn(body);
}

async function overGrpc(order: Message): Promise<unknown> {
  const isJson = typeof order === "string";
  const headers = { "content-type": `application/grpc+${isJson ? "json" : "proto"}` };
  const answer = await http2(ingress.url + place, {
    headers,
    body: encodeFrame({ flags: 0, data: Buffer.from(order) }),
  });
  const { ":status": _, ...headersOfAnswer } = answer.headers;
  const error = findTrailerError(new Headers({ ...headersOfAnswer, ...answer.trailers }));
  if (error !== undefined) {
    throw error;
  }
  const data = answer.body.subarray(5);
  return isJson ? (JSON.parse(data.toString()) as { order: unknown }).order : orderIn(data);
}

function orderIn(receipt: Uint8Array): unknown {
  return (toJson(ReceiptSchema, fromBinary(ReceiptSchema, receipt)) as { order: unknown }).order;
}

describe.each<readonly [protocol: string, place: Place]>([
  ["Connect", overConnect],
  ["gRPC", overGrpc],
])("over %s", (_, place) => {
  afterEach(async () => {
    expect("polluted" in {}).toBe(false);
    expect(await place('{"note":"next"}')).toMatchObject({ note: "next" });
  });

  it.each([...refusedJson, ...refusedBytes])("refuses %s", async (_, order, why) => {
    const error = await place(order).then(String, (reason: unknown) => reason);
    expect(error).toMatchObject({ code: Code.InvalidArgument, rawMessage: expect.stringMatching(why) });
  });

  it.each(accepted)("takes %s", async (_, order, got) => {
    expect(await place(order)).toMatchObject(got);
  });
});
