import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { Code } from "@connectrpc/connect";
import { afterAll, beforeAll, expect, it } from "vitest";
import { http1, http2, startIngress, type TestIngress } from "./support.ts";

let ingress: TestIngress;
beforeAll(async () => {
  ingress = await startIngress();
});
afterAll(() => ingress.close());

const greet = "/org.example.Greeter/Greet";

/** A message as gRPC frames it. What its head says of it may be wrong. */
function envelope(message: string | Uint8Array, flags = 0, length = Buffer.byteLength(message)): Buffer {
  const head = Buffer.alloc(5, flags);
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, Buffer.from(message as Uint8Array)]);
}

const bomb = Buffer.alloc(64 * 1024 * 1024);
const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };

/** A request that has to be refused. */
interface Case {
  readonly name: string;
  readonly body: Uint8Array;
  readonly code: Code;
  /** Value of `grpc-encoding`. */
  readonly encoding?: string;
}

it.each<Case>([
  { name: "of 4 GB, it says", body: envelope("{}", 0, 0xffffffff), code: Code.InvalidArgument },
  { name: "longer than its body", body: envelope("{}", 0, 3), code: Code.InvalidArgument },
  { name: "shorter than its body", body: envelope("{}", 0, 1), code: Code.InvalidArgument },
  { name: "cut within its length", body: envelope("{}").subarray(0, 4), code: Code.InvalidArgument },
  { name: "with flags that nobody knows", body: envelope("{}", 0x40), code: Code.Internal },
  { name: "compressed, it says not how", body: envelope(gzipSync("{}"), 1), code: Code.Internal },
  {
    name: "compressed, and cut",
    body: envelope(gzipSync("{}").subarray(0, 12), 1),
    code: Code.InvalidArgument,
    encoding: "gzip",
  },
  {
    name: "of which gzip makes 64 MiB",
    body: envelope(gzipSync(bomb), 1),
    code: Code.ResourceExhausted,
    encoding: "gzip",
  },
  {
    name: "of which brotli makes 64 MiB",
    body: envelope(brotliCompressSync(bomb, brotli), 1),
    code: Code.ResourceExhausted,
    encoding: "br",
  },
])("refuses a message $name", async ({ body, code, encoding }) => {
  for (const [ask, type] of [
    [http2, "grpc"],
    [http2, "grpc-web"],
    [http1, "grpc-web"],
  ] as const) {
    const answer = await ask(ingress.url + greet, {
      headers: {
        "content-type": `application/${type}+json`,
        ...(encoding === undefined ? {} : { "grpc-encoding": encoding }),
      },
      body,
    });
    const trailers =
      type === "grpc" ? JSON.stringify({ ...answer.headers, ...answer.trailers }) : answer.body.toString();
    expect([type, /grpc-status"?:[ "]*(\d+)/.exec(trailers)?.[1]]).toEqual([type, String(code)]);
  }
  const next = await http2(ingress.url + greet, {
    headers: { "content-type": "application/grpc+json" },
    body: envelope('{"name":"Pete"}'),
  });
  expect(next.body.toString()).toContain("Hello Pete");
});
