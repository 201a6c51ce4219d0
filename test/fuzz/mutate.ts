import { brotliCompressSync, gzipSync } from "node:zlib";
import { encodeFrame } from "../../src/wire/grpc-frame.ts";
import type { Random } from "./random.ts";
import type { Request } from "./requests.ts";

/** Changes a well-formed request somewhere, mostly for the worse. Its HTTP framing stays in order. */
export function mutate(request: Request, random: Random): Request {
  let mutant = random.pick(mutations)(request, random);
  while (random.chance(0.3)) {
    mutant = random.pick(mutations)(mutant, random);
  }
  return mutant;
}

type Mutation = (request: Request, random: Random) => Request;

const mutations: readonly Mutation[] = [
  inBody(flipBits),
  inBody(truncate),
  inBody((body, random) => Buffer.concat([body, random.bytes(random.int(40))])),
  inBody((_, random) => random.bytes(random.int(200))),
  inBody(splice),
  inBody(lieAboutLength),
  inBody((_, random) => Buffer.from(random.pick(nastyJson))),
  inBody((_, random) =>
    Buffer.from(encodeFrame({ flags: random.pick([0, 1, 128]), data: random.pick(nastyBinary) })),
  ),
  inBody((_, random) => random.pick(nastyBinary)),
  compress,
  changeHeader,
  changePath,
];

function inBody(change: (body: Buffer, random: Random) => Buffer): Mutation {
  return (request, random) => ({ ...request, body: change(request.body, random) });
}

function flipBits(body: Buffer, random: Random): Buffer {
  const changed = Buffer.from(body);
  for (let i = 0; i <= random.int(4) && changed.byteLength > 0; i += 1) {
    const at = random.int(changed.byteLength);
    changed[at] = (changed[at] ?? 0) ^ (1 << random.int(8));
  }
  return changed;
}

function truncate(body: Buffer, random: Random): Buffer {
  return body.subarray(0, random.int(body.byteLength + 1));
}

/** Copies a part of the body to another place: repeated fields, oneofs set twice, nested text. */
function splice(body: Buffer, random: Random): Buffer {
  const from = random.int(body.byteLength + 1);
  const part = body.subarray(from, from + random.int(40));
  const at = random.int(body.byteLength + 1);
  return Buffer.concat([body.subarray(0, at), part, body.subarray(at)]);
}

/** Writes a wrong length where gRPC has one. */
function lieAboutLength(body: Buffer, random: Random): Buffer {
  if (body.byteLength < 5) {
    return body;
  }
  const changed = Buffer.from(body);
  changed.writeUInt32BE(
    random.pick([0, 1, body.byteLength, body.byteLength - 6, 2 ** 31, 2 ** 32 - 1]) >>> 0,
    1,
  );
  return changed;
}

const nastyJson: readonly string[] = [
  "[".repeat(20_000),
  '{"extra":'.repeat(5_000),
  `{"extra":${'{"a":'.repeat(300)}1${"}".repeat(301)}`,
  '{"__proto__":{"polluted":true}}',
  '{"extra":{"__proto__":{"polluted":true},"constructor":{"prototype":1}}}',
  '{"labels":{"__proto__":"x","constructor":"y","toString":"z"}}',
  '{"number":1e999}',
  '{"number":-0,"weight":"NaN"}',
  `{"number":${"9".repeat(5_000)}}`,
  `{"number":"${"9".repeat(100_000)}"}`,
  `{"checksum":"0x${"f".repeat(100_000)}"}`,
  `{"gifts":{"${"0".repeat(100_000)}1":{}}}`,
  `{"patience":"${"9".repeat(100_000)}s"}`,
  `{"${"k".repeat(100_000)}":1}`,
  '{"extra":{"d":1e400}}',
  '{"weight":9007199254740993}',
  '{"weight":NaN}',
  '{"priority":99,"history":["PRIORITY_NONE",-1,2147483648]}',
  '{"iban":"x","card":{"holder":"y"}}',
  '{"number":"1","number":"2"}',
  '{"name":"\\ud800"}',
  '{"signature":"*not base64*"}',
  '{"placedAt":"0000-00-00T99:99:99Z","patience":"1e400s"}',
  '{"extra":{"a":NaN}}',
  '\u{feff}{"name":"x"}',
  '{"service":"__proto__","method":"constructor","argument":{}}',
  '{"service":"org.example.Greeter","method":"toString","argument":{"name":"x"}}',
];

const nastyBinary: readonly Buffer[] = [
  Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]), // a string longer than everything
  Buffer.from([0x0a, 0x02, 0xc3, 0x28]), // no UTF-8
  Buffer.alloc(4_000, 0x0b), // groups in groups
  Buffer.alloc(20, 0x80), // a varint without an end
  Buffer.from([0x18, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]), // enum -1
  Buffer.from([0x2a, 0x00, 0x22, 0x01, 0x61, 0x2a, 0x00]), // both sides of a oneof, in turn
  Buffer.from([0x71, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f]), // NaN
  Buffer.from([0x00, 0x00]), // field number 0
  Buffer.from([0x0f]), // wire type 7
  nestedStruct(200),
];

/** `Order.extra` with structs in structs. */
function nestedStruct(depth: number): Buffer {
  let value: Buffer = Buffer.from([0x08, 0x00]);
  for (let i = 0; i < depth; i += 1) {
    const struct = lengthDelimited(0x0a, lengthDelimited(0x12, value));
    value = lengthDelimited(0x2a, struct);
  }
  return lengthDelimited(0x5a, lengthDelimited(0x0a, lengthDelimited(0x12, value)));
}

function lengthDelimited(tag: number, bytes: Buffer): Buffer {
  const length = [];
  for (let rest = bytes.byteLength; ; rest >>>= 7) {
    length.push(rest > 127 ? (rest & 127) | 128 : rest);
    if (rest <= 127) {
      return Buffer.concat([Buffer.from([tag, ...length]), bytes]);
    }
  }
}

/** A body of which 64 MiB come out. */
const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024), { level: 1 });

function compress(request: Request, random: Random): Request {
  const encoding = random.pick(["gzip", "br", "identity", "zstd", "gzip, br", ""]);
  const isGrpc = request.headers["content-type"]?.includes("grpc") ?? false;
  const compressed = random.pick([
    () => request.body,
    () => gzipSync(request.body),
    () => brotliCompressSync(request.body),
    () => gzipSync(request.body).subarray(0, -3),
    // Rarely: the bomb costs the server the time to notice.
    () => (random.chance(0.01) ? bomb : Buffer.from([0x1f, 0x8b, 8, 0])),
  ])();
  return {
    ...request,
    headers: { ...request.headers, [isGrpc ? "grpc-encoding" : "content-encoding"]: encoding },
    body:
      isGrpc && random.chance(0.8) ? Buffer.from(encodeFrame({ flags: 1, data: compressed })) : compressed,
  };
}

const nastyHeaders: readonly (readonly [string, readonly string[]])[] = [
  [
    "content-type",
    [
      "",
      "text/plain",
      "application/json; charset=utf-16",
      "application/grpc+thrift",
      "application/connect+proto",
      "application/json, application/json",
      ";;;",
      "multipart/form-data; boundary=x",
    ],
  ],
  ["grpc-timeout", ["", "1", "-1S", "99999999H", "999999999m", "1X", "0n", "1m"]],
  ["connect-timeout-ms", ["", "-1", "1e3", "99999999999", "0x10", "1"]],
  ["accept-encoding", ["", "*", "br;q=0", "gzip;q=nonsense", ",,,"]],
  ["grpc-accept-encoding", ["", "zstd", "gzip,gzip,gzip"]],
  ["connect-protocol-version", ["", "0", "2", "x"]],
  ["idempotency-retention-period", ["-1", "1.5", "99999999999999999999"]],
  ["x-restate-delay", ["-1", "soon", "1e400"]],
  ["x-data-bin", ["***", "AAA", "="]],
  ["origin", ["null", "http://localhost", "http://evil.example", "not a url"]],
  ["accept", ["application/grpc-web-text", "*/*", ","]],
  ["traceparent", ["00-0-0-0", "ff"]],
  ["x-odd", ["%07", "%7f%1b[2J", "K%f6ln", "%09", "*20000", "*70000", "*200000", "%ff%fe%80"]],
  ["x-odd-error", ["1"]],
];

function changeHeader(request: Request, random: Random): Request {
  const [name, values] = random.pick(nastyHeaders);
  return { ...request, headers: { ...request.headers, [name]: random.pick(values) } };
}

function changePath(request: Request, random: Random): Request {
  const { path, method } = request;
  const change = random.pick([
    () => ({ path: `${path}/` }),
    () => ({ path: path.replace("Greet", "%47reet") }),
    () => ({ path: "/__proto__/constructor" }),
    () => ({
      path: `/org.example.Greeter/${random.pick(["__proto__", "toString", "", "..", "%00", "%ff"])}`,
    }),
    () => ({ path: `${path}?message=%ff&encoding=json&base64=1&compression=gzip` }),
    () => ({ path: `${path}?${"a=b&".repeat(random.int(50))}` }),
    () => ({ method: random.pick(["GET", "PUT", "PATCH", "OPTIONS", "DELETE"]) }),
  ])();
  return { ...request, method, ...change };
}
