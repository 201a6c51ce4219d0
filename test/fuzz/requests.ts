import { create, toBinary, toJsonString } from "@bufbuild/protobuf";
import { InvokeRequestSchema } from "../../generated/dev/restate/services_pb.ts";
import { GreetRequestSchema } from "../../generated/org/example/greeter_pb.ts";
import { OrderSchema } from "../../generated/org/example/orders_pb.ts";
import { encodeFrame } from "../../src/wire/grpc-frame.ts";
import { encodeGrpcWebText } from "../../src/wire/grpc-web-text.ts";

/** An HTTP request, before it is written as HTTP/1.1 or HTTP/2. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const greetPath = "/org.example.Greeter/Greet";

/** A well-formed call of every protocol, and what its answer must contain. */
export function greetings(name: string): readonly { readonly request: Request; readonly answer: string }[] {
  const message = create(GreetRequestSchema, { name });
  const answer = `Hello ${name}`;
  return seeds(
    greetPath,
    toBinary(GreetRequestSchema, message),
    toJsonString(GreetRequestSchema, message),
  ).map((request) => ({
    request,
    answer: request.headers["content-type"] === "application/grpc-web-text" ? "" : answer,
  }));
}

const order = create(OrderSchema, {
  number: 2n ** 62n,
  lines: [{ article: "tea", quantity: 2, unitPrice: -5n }],
  priority: 2,
  payment: { case: "card", value: { holder: "Zoë", lastDigits: 1234 } },
  labels: { a: "b" },
  gifts: { 7: { article: "cup" } },
  note: "",
  placedAt: { seconds: 1n, nanos: 5 },
  patience: { seconds: 3n },
  extra: { nested: { list: [1, null, "x", true] } },
  coupon: "half",
  signature: Uint8Array.of(1, 2, 3),
  weight: 1.5,
  checksum: 2n ** 64n - 1n,
  history: [1, 2],
});
const invocation = create(InvokeRequestSchema, {
  service: "org.example.Greeter",
  method: "Greet",
  argument: { case: "payload", value: { name: "Pete" } },
});

/** Well-formed requests of every protocol and format, with every kind of field: what mutations start from. */
export const wellFormed: readonly Request[] = [
  ...greetings("Pete").map(({ request }) => request),
  ...seeds("/org.example.Orders/Place", toBinary(OrderSchema, order), toJsonString(OrderSchema, order)),
  ...seeds(
    "/dev.restate.Ingress/Invoke",
    toBinary(InvokeRequestSchema, invocation),
    toJsonString(InvokeRequestSchema, invocation),
  ),
  ...seeds(
    "/dev.restate.Awakeables/Resolve",
    Buffer.from("\n\x08prom_1ab"),
    '{"id":"prom_1ab","jsonResult":1}',
  ),
  ...seeds("/restateconnect.v1.Invocations/Attach", Buffer.from("\n\x06inv_1a"), '{"id":"inv_1a"}'),
  get('/org.example.Orders/Find?encoding=json&message={"number":"5"}&connect=v1'),
  get("/org.example.Orders/Find?encoding=proto&base64=1&message=CAU&compression=gzip"),
];

function seeds(path: string, binary: Uint8Array, json: string): Request[] {
  const frame = Buffer.from(encodeFrame({ flags: 0, data: binary }));
  const jsonFrame = Buffer.from(encodeFrame({ flags: 0, data: Buffer.from(json) }));
  return [
    post(path, "application/json", Buffer.from(json)),
    post(path, "application/proto", Buffer.from(binary)),
    post(path, "application/grpc", frame),
    post(path, "application/grpc+json", jsonFrame),
    post(path, "application/grpc-web", frame),
    post(path, "application/grpc-web+json", jsonFrame),
    post(path, "application/grpc-web-text", Buffer.from(encodeGrpcWebText(frame))),
  ];
}

function post(path: string, contentType: string, body: Buffer): Request {
  return { method: "POST", path, headers: { "content-type": contentType }, body };
}

function get(path: string): Request {
  return { method: "GET", path: encodeURI(path), headers: {}, body: Buffer.alloc(0) };
}
