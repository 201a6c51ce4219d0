import { connect as http2Connect } from "node:http2";
import { createClient } from "@connectrpc/connect";
import { expect, it } from "vitest";
import { Orders } from "../../generated/org/example/orders_pb.ts";
import { createCodec } from "../../src/ingress/codec.ts";
import { engineRoute } from "../../src/ingress/engine-route.ts";
import { unlimitedMemory } from "../../src/ingress/memory.ts";
import type { UnaryRequest } from "../../src/ingress/route.ts";
import { createTransport } from "../../src/transport/node.ts";
import { startIngress } from "./support.ts";

const attach = "/restateconnect.v1.Invocations/Attach";
const mebibyte = 2 ** 20;

it("reserves memory for an outcome before it is loaded, and refuses what is too much with retry-after", async () => {
  await using ingress = await startIngress({ limits: { maxBufferedBytes: 6 * mebibyte } });
  const orders = createClient(Orders, createTransport({ baseUrl: ingress.url, protocol: "grpc" }));
  let id = "";
  await orders.place(
    { note: "n".repeat(mebibyte) },
    {
      headers: { "idempotency-key": "large" },
      onHeader: (headers) => {
        id = headers.get("x-restate-id") ?? "";
      },
    },
  );
  // The window stays closed, so that answers stay where they are: 1.4 MB each, and 4 MiB while one is being made.
  const session = http2Connect(ingress.url, { settings: { initialWindowSize: 0 } });
  const ask = async () => {
    const stream = session.request({
      ":method": "POST",
      ":path": attach,
      "content-type": "application/json",
    });
    stream.on("error", () => {}).end(JSON.stringify({ id }));
    return await new Promise<readonly [status: unknown, retryAfter: unknown]>((resolve) =>
      stream.once("response", (headers) => resolve([headers[":status"], headers["retry-after"]])),
    );
  };
  expect([await ask(), await ask(), await ask()]).toEqual([
    [200, undefined],
    [200, undefined],
    [429, "1"],
  ]);
  session.destroy();
  const invocation = async () => {
    const other = http2Connect(ingress.url);
    const stream = other.request({
      ":method": "POST",
      ":path": attach,
      "content-type": "application/json",
    });
    stream.on("error", () => {}).end(JSON.stringify({ id }));
    const status = await new Promise((resolve) =>
      stream.once("response", (headers) => resolve(headers[":status"])),
    );
    other.destroy();
    return status;
  };
  await expect.poll(invocation).toBe(200);
});

it("encodes nothing for a caller who left while the method ran", async () => {
  const controller = new AbortController();
  const reason = new Error("gone");
  const codec = createCodec([Orders]);
  const request = {
    format: "json",
    message: Buffer.from("{}"),
    header: () => undefined,
    metadata: [],
    memory: unlimitedMemory,
    operations: {
      call: async () => {
        controller.abort(reason);
        return { id: "inv_1", outcome: { ok: true, output: new Uint8Array(), headers: [], trailers: [] } };
      },
    },
    admit: () => [],
    signal: controller.signal,
  } as unknown as UnaryRequest;
  let isEncoded = false;
  const route = engineRoute(Orders.method.place, {
    ...codec,
    transcode: (...parameters) => {
      isEncoded = true;
      return codec.transcode(...parameters);
    },
  });
  await expect(route.handle(request)).rejects.toBe(reason);
  expect(isEncoded).toBe(false);
});
