// Responses that end before they are complete must never pass for successes.
import { once } from "node:events";
import { createServer, type Http2ServerResponse } from "node:http2";
import type { AddressInfo } from "node:net";
import { create, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { createTransport, type NodeTransportOptions } from "restate-connect/node";
import { describe, expect, it } from "vitest";
import { OrderSchema } from "../../generated/org/example/orders_pb.ts";
import { createOrdersClient } from "../../generated/org/example/orders_restate.ts";

const orderWith = (...quantities: number[]) =>
  toBinary(OrderSchema, create(OrderSchema, { lines: quantities.map((quantity) => ({ quantity })) }));
const whole = orderWith(1, 2, 3);
/** Valid Protobuf too: the first of three lines. */
const part = whole.subarray(0, orderWith(1).byteLength);

interface Cutter extends AsyncDisposable {
  readonly baseUrl: string;
  requests(): number;
}

async function serverThat(answer: (response: Http2ServerResponse) => void): Promise<Cutter> {
  let requests = 0;
  const server = createServer((request, response) => {
    requests++;
    request.resume().on("end", () => answer(response));
  });
  const sessions = new Set<{ destroy(): void }>();
  server.on("session", (session) => sessions.add(session));
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    async [Symbol.asyncDispose]() {
      for (const session of sessions) {
        session.destroy();
      }
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const ways: readonly Partial<NodeTransportOptions>[] = [{ protocol: "connect" }, { protocol: "restate" }];
const headers = { "content-type": "application/proto", "x-restate-id": "inv_1" };

function find({ baseUrl }: Cutter, way: Partial<NodeTransportOptions>) {
  const options = { baseUrl, ...way, httpVersion: "2", retry: { initialIntervalMs: 1 } } as const;
  return createOrdersClient(createTransport(options as NodeTransportOptions)).find({ number: 7n });
}

describe.each(ways)("over HTTP/2, $protocol", (way) => {
  it.each([
    ["with a content-length", { "content-length": whole.byteLength }],
    ["without a content-length", {}],
  ])("takes a response cut by RST_STREAM(NO_ERROR) for a lost connection, %s", async (_, extra) => {
    await using server = await serverThat((response) => {
      response.writeHead(200, { ...headers, ...extra });
      response.write(part, () => response.destroy());
    });
    const error = await find(server, way).catch(ConnectError.from);
    expect(error).toMatchObject({ code: Code.Unavailable });
    expect(String(error)).toContain("before the response was complete");
    expect(server.requests()).toBe(5);
  });

  it("reads the response that follows a cut one", async () => {
    await using server = await serverThat((response) => {
      response.writeHead(200, headers);
      const isFirst = server.requests() === 1;
      response.write(part, () => (isFirst ? response.destroy() : response.end(whole.subarray(part.length))));
    });
    expect((await find(server, way)).lines).toHaveLength(3);
    expect(server.requests()).toBe(2);
  });

  it("reads a whole response without a content-length", async () => {
    await using server = await serverThat((response) => {
      response.writeHead(200, headers);
      response.write(part);
      response.end(whole.subarray(part.byteLength));
    });
    expect((await find(server, way)).lines).toHaveLength(3);
  });
});
