import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GreetRequestSchema, GreetResponseSchema } from "../../generated/org/example/greeter_pb.ts";
import { decodeFrames, encodeFrame } from "../../src/wire/grpc-frame.ts";
import { decodeGrpcWebText } from "../../src/wire/grpc-web-text.ts";
import { http1, startIngress, type TestIngress } from "./support.ts";

let ingress: TestIngress;
beforeAll(async () => {
  ingress = await startIngress();
});
afterAll(() => ingress.close());

const request = encodeFrame({
  flags: 0,
  data: toBinary(GreetRequestSchema, create(GreetRequestSchema, { name: "Pete" })),
});
const ask = (type: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
  http1(`${ingress.url}/org.example.Greeter/Greet`, { headers: { "content-type": type, ...headers }, body });

function greetingOf(frames: Uint8Array): string {
  const [message, trailers] = decodeFrames(frames, 2);
  expect(Buffer.from(trailers?.data ?? []).toString()).toContain("grpc-status: 0\r\n");
  return fromBinary(GreetResponseSchema, message?.data ?? new Uint8Array()).greeting;
}

describe("gRPC-web text", () => {
  it("takes and gives base64", async () => {
    const { headers, body } = await ask("application/grpc-web-text", Buffer.from(request).toString("base64"));
    expect(headers["content-type"]).toBe("application/grpc-web-text");
    expect(Number(headers["content-length"])).toBe(body.byteLength);
    expect(greetingOf(Buffer.from(body.toString(), "base64"))).toBe("Hello Pete");
  });

  it("takes a body that was encoded in pieces, split at any byte", async () => {
    for (let at = 0; at <= request.byteLength; at += 1) {
      const pieces = [request.subarray(0, at), request.subarray(at)];
      const text = pieces.map((piece) => Buffer.from(piece).toString("base64")).join("");
      const { body } = await ask("application/grpc-web-text+proto", text);
      expect(greetingOf(Buffer.from(body.toString(), "base64"))).toBe("Hello Pete");
    }
  });

  it("answers in the encoding that Accept names", async () => {
    const binary = await ask("application/grpc-web-text+proto", Buffer.from(request).toString("base64"), {
      accept: "application/grpc-web+proto",
    });
    expect(binary.headers["content-type"]).toBe("application/grpc-web+proto");
    expect(greetingOf(binary.body)).toBe("Hello Pete");
    const text = await ask("application/grpc-web", request, { accept: "application/grpc-web-text" });
    expect(text.headers["content-type"]).toBe("application/grpc-web-text");
    expect(greetingOf(Buffer.from(text.body.toString(), "base64"))).toBe("Hello Pete");
  });

  it.each(["?", "AAA", "AAAA=", "=AAA", "AAAAA==="])("refuses %s", async (text) => {
    const { body } = await ask("application/grpc-web-text", text);
    const [trailers] = decodeFrames(Buffer.from(body.toString(), "base64"), 2);
    expect(Buffer.from(trailers?.data ?? []).toString()).toContain("grpc-status: 3\r\n");
  });

  it("decodes any bytes, encoded in any pieces", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1 })), (pieces) => {
        const text = pieces.map((piece) => Buffer.from(piece).toString("base64")).join("");
        expect(Buffer.from(decodeGrpcWebText(Buffer.from(text)))).toEqual(Buffer.concat(pieces));
      }),
    );
  });
});
