import { randomBytes } from "node:crypto";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { brotliCompressor, compress, gzipCompressor } from "../../src/ingress/protocol/compress.ts";
import { http1, startIngress } from "./support.ts";

const place = "/org.example.Orders/Place";
const json = { "content-type": "application/json" };

it.each([
  ["gzip", gunzipSync],
  ["br", brotliDecompressSync],
])(
  "compresses an answer with %s up to 4 MiB, and sends larger ones as they are",
  async (encoding, decompress) => {
    await using ingress = await startIngress();
    const ask = async (length: number) => {
      const body = JSON.stringify({ note: "n".repeat(length) });
      return await http1(ingress.url + place, { headers: { ...json, "accept-encoding": encoding }, body });
    };
    const small = await ask(4_000_000);
    expect(small.headers["content-encoding"]).toBe(encoding);
    expect(JSON.parse(decompress(small.body).toString()).order.note).toHaveLength(4_000_000);
    const large = await ask(5_000_000);
    expect(large.headers["content-encoding"]).toBeUndefined();
    expect(JSON.parse(large.body.toString()).order.note).toHaveLength(5_000_000);
  },
);

it("compresses two large messages at once, others stay as they are, small ones are always compressed", async () => {
  const large = randomBytes(1_000_000);
  const small = randomBytes(10_000);
  const all = await Promise.all(
    [large, large, large, small, small].map((data) => compress(brotliCompressor, data, undefined)),
  );
  expect(all.map((one) => one !== undefined)).toEqual([true, true, false, true, true]);
  expect(await compress(gzipCompressor, large, undefined)).toBeDefined();
});

it("stops when the caller has gone, and makes room for others", async () => {
  const data = randomBytes(4 * 1024 * 1024);
  const controller = new AbortController();
  const gone = [1, 2].map(() => compress(brotliCompressor, data, controller.signal));
  const reason = new Error("gone");
  controller.abort(reason);
  expect(await Promise.allSettled(gone)).toEqual([
    { status: "rejected", reason },
    { status: "rejected", reason },
  ]);
  expect(await compress(gzipCompressor, data, undefined)).toBeDefined();
});

it("uses the fastest level of gzip", async () => {
  const [, , , , , , , , flags] = (await compress(gzipCompressor, Buffer.alloc(2_000), undefined)) ?? [];
  expect(flags).toBe(4); // RFC 1952: compressor used fastest algorithm
});
