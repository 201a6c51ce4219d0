import { gzipSync } from "node:zlib";
import { toBinary } from "@bufbuild/protobuf";
import { Code, createClient } from "@connectrpc/connect";
import { codeFromString } from "@connectrpc/connect/protocol-connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Greeter, GreetRequestSchema } from "../../generated/org/example/greeter_pb.ts";
import { decodeFrames, encodeFrame } from "../../src/wire/grpc-frame.ts";
import { type Answer, http1, http2, startIngress, type TestIngress } from "./support.ts";

let ingress: TestIngress;
beforeAll(async () => {
  ingress = await startIngress();
});
afterAll(() => ingress.close());

/** An error in the form of its protocol. */
interface Told {
  readonly code: Code | undefined;
  readonly message: string | undefined;
}

interface Variant {
  readonly contentType: string;
  readonly ask: (path: string, message: Uint8Array, headers?: Record<string, string>) => Promise<Answer>;
  readonly read: (answer: Answer) => Told;
}

function variant(
  contentType: string,
  send: typeof http1,
  wrap: (message: Uint8Array) => Uint8Array,
  read: Variant["read"],
): Variant {
  return {
    contentType,
    read,
    ask: (path, message, headers = {}) =>
      send(`${ingress.url}${path}`, {
        headers: { "content-type": contentType, ...headers },
        body: wrap(message),
      }),
  };
}

const bare = (message: Uint8Array) => message;
const framed = (data: Uint8Array) => encodeFrame({ flags: 0, data });

function connectError({ body }: Answer): Told {
  const { code, message } = JSON.parse(body.toString());
  return { code: codeFromString(code), message };
}
function grpcError({ headers, trailers }: Answer): Told {
  // Without a message, the status comes with the headers.
  const told = { ...headers, ...trailers };
  return {
    code: Number(told["grpc-status"]),
    message: decodeURIComponent(told["grpc-message"] ?? ""),
  };
}
function grpcWebError({ body }: Answer): Told {
  const text = Buffer.from(decodeFrames(body, 2).at(-1)?.data ?? []).toString();
  const [, code, message = ""] =
    /(?=[\s\S]*grpc-status: (\d+))[\s\S]*grpc-message: ([^\r]*)/.exec(text) ?? [];
  return { code: code === undefined ? 0 : Number(code), message: decodeURIComponent(message) };
}

const variants = [
  variant("application/json", http1, bare, connectError),
  variant("application/proto", http2, bare, connectError),
  variant("application/protobuf", http1, bare, connectError),
  variant("application/grpc", http2, framed, grpcError),
  variant("application/grpc+proto", http1, framed, grpcError),
  variant("application/grpc-web", http1, framed, grpcWebError),
  variant("application/grpc-web+proto", http2, framed, grpcWebError),
];

describe.each(variants)("$contentType", ({ contentType, ask, read }) => {
  const pete =
    contentType === "application/json"
      ? Buffer.from('{"name":"Pete"}')
      : toBinary(GreetRequestSchema, { $typeName: "org.example.GreetRequest", name: "Pete" });

  it("answers an unknown service with unimplemented, as the protocols have it", async () => {
    expect(read(await ask("/org.example.Greter/Greet", pete))).toEqual({
      code: Code.Unimplemented,
      message: "Service 'org.example.Greter' not found; did you mean org.example.Greeter?",
    });
  });

  it("answers an unknown method with not_found, instead of hanging", async () => {
    expect(read(await ask("/org.example.Greeter/Nothing", pete))).toEqual({
      code: Code.NotFound,
      message: "Service method 'org.example.Greeter/Nothing' not found; it has: Greet",
    });
  });

  it("names the path that baseUrl has too much", async () => {
    expect(read(await ask("/api/v1/org.example.Greeter/Greet", pete))).toEqual({
      code: Code.InvalidArgument,
      message:
        "Request path /api/v1/org.example.Greeter/Greet invalid: the path of a method is /org.example.Greeter/Greet. Leave /api/v1 out of baseUrl",
    });
  });

  it.each(["/", "/Greet", "/a/b/c", "/org.example.Greeter/Greet/"])(
    "answers the path %s with invalid_argument",
    async (path) => {
      expect(read(await ask(path, pete))).toEqual({
        code: Code.InvalidArgument,
        message: `Request path ${path} invalid`,
      });
    },
  );

  it("ignores a query", async () => {
    expect((await ask("/org.example.Greeter/Greet?a=/b/c", pete)).status).toBe(200);
  });

  it("refuses a malformed message", async () => {
    const told = read(await ask("/org.example.Greeter/Greet", Buffer.from("{")));
    expect(told.code).toBe(Code.InvalidArgument);
    expect(told.message).toMatch(/^Error when parsing request: ./);
  });

  it("refuses an idempotency retention that is not a number of seconds, and an empty key", async () => {
    const headers = { "idempotency-key": "k", "idempotency-retention-period": "1h" };
    expect(read(await ask("/org.example.Greeter/Greet", pete, headers))).toEqual({
      code: Code.InvalidArgument,
      message:
        'header idempotency-retention-period is "1h": give a whole number of seconds, at most 4294967295',
    });
    expect(read(await ask("/org.example.Greeter/Greet", pete, { "idempotency-key": "" }))).toMatchObject({
      code: Code.InvalidArgument,
    });
  });

  it("refuses to delay a call", async () => {
    const told = read(await ask("/org.example.Greeter/Greet", pete, { "x-restate-delay": "1000" }));
    expect(told.code).toBe(Code.InvalidArgument);
  });

  it("refuses an unknown compression and names those that it knows", async () => {
    const name = contentType.startsWith("application/grpc") ? "grpc-encoding" : "content-encoding";
    expect(read(await ask("/org.example.Greeter/Greet", pete, { [name]: "zip" }))).toEqual({
      code: Code.Unimplemented,
      message: 'unknown compression "zip": supported encodings are gzip,br',
    });
  });

  it("has no time left at a deadline of 0", async () => {
    const [name, value] = contentType.startsWith("application/grpc")
      ? ["grpc-timeout", "0S"]
      : ["connect-timeout-ms", "0"];
    const told = read(await ask("/org.example.Greeter/Greet", pete, { [name]: value }));
    expect(told.code).toBe(Code.DeadlineExceeded);
  });

  it("refuses a malformed deadline", async () => {
    const name = contentType.startsWith("application/grpc") ? "grpc-timeout" : "connect-timeout-ms";
    const told = read(await ask("/org.example.Greeter/Greet", pete, { [name]: "soon" }));
    expect(told.code).toBe(Code.InvalidArgument);
  });
});

describe("Connect with JSON", () => {
  const ask = (path: string, body: string | Uint8Array, type = "application/json") =>
    http1(`${ingress.url}${path}`, { headers: { "content-type": type }, body });

  it.each([
    ["an unknown field", '{"nme":"Pete"}', 'key "nme" is unknown'],
    ["a wrong type", '{"name":5}', "expected string, got 5"],
    ["no body", "", "Unexpected end of JSON input"],
    ["null", "null", "null"],
    ["more after the message", '{"name":"Pete"} x', "after JSON"],
    ["bytes that are not UTF-8", Buffer.from('{"name":"\xff"}', "latin1"), "encoded data was not valid"],
  ])("refuses %s", async (_, body, why) => {
    const answer = await ask("/org.example.Greeter/Greet", body);
    expect(answer.status).toBe(400);
    expect(answer.headers["content-type"]).toBe("application/json");
    const { code, message } = JSON.parse(answer.body.toString());
    expect(code).toBe("invalid_argument");
    expect(message).toMatch(/^Error when parsing request: /);
    expect(message).toContain(why);
  });

  it("writes defaults, and 64-bit integers as strings", async () => {
    const { body } = await ask("/org.example.Orders/Find", "{}");
    expect(JSON.parse(body.toString())).toEqual({
      number: "0",
      lines: [],
      priority: "PRIORITY_UNSPECIFIED",
      labels: {},
      gifts: {},
      signature: "",
      weight: 0,
      checksum: "0",
      history: [],
    });
  });

  it("keeps integers that a double cannot hold", async () => {
    const { body } = await ask("/org.example.Orders/Find", '{"number":9007199254740993}');
    expect(JSON.parse(body.toString()).number).toBe("9007199254740993");
  });

  it("refuses to round such an integer into a double", async () => {
    const { status, body } = await ask("/org.example.Orders/Place", '{"weight":9007199254740993}');
    expect(status).toBe(400);
    expect(body.toString()).toContain("9007199254740993");
  });

  it.each(["application/json; charset=utf-8", "Application/JSON;charset=UTF-8"])("takes %s", async (type) => {
    const { status, body } = await ask("/org.example.Greeter/Greet", '{"name":"Pete"}', type);
    expect(status).toBe(200);
    expect(body.toString()).toBe('{"greeting":"Hello Pete"}');
  });
});

describe("a request that is not an RPC", () => {
  it.each([
    ["POST", undefined],
    ["POST", "text/plain"],
    ["POST", "application/json; charset=latin1"],
    ["POST", "application/connect+json"],
    ["POST", "application/grpc-text"],
    ["GET", "application/json"],
  ])("%s with content type %s gets 415, which says what to send", async (method, type) => {
    const headers: Record<string, string> = type === undefined ? {} : { "content-type": type };
    for (const send of [http1, http2]) {
      const answer = await send(`${ingress.url}/org.example.Greeter/Greet`, { method, headers });
      expect(answer.status).toBe(415);
      expect(answer.headers["content-type"]).toBe("text/plain; charset=utf-8");
      expect(answer.headers["accept-post"]).toContain(
        "application/json, application/proto, application/grpc",
      );
      expect(answer.body.toString()).toContain(
        method === "GET"
          ? "query parameters encoding (json or proto) and message"
          : `${type === undefined ? "there is no content-type" : `content-type is ${type}`}: send application/json`,
      );
    }
  });

  it("takes what accept-post promises", async () => {
    const url = `${ingress.url}/org.example.Greeter/Greet`;
    const { headers } = await http1(url, { headers: { "content-type": "text/plain" } });
    const types = headers["accept-post"]?.split(", ") ?? [];
    expect(types).toHaveLength(7);
    for (const type of types) {
      const answer = await http2(url, { headers: { "content-type": type } });
      expect(answer.status).not.toBe(415);
      expect(answer.headers["content-type"]).toBe(type);
    }
  });

  it("ends as an error of their own for clients of others", async () => {
    const transport = createConnectTransport({
      baseUrl: ingress.url,
      httpVersion: "1.1",
      interceptors: [
        (next) => (request) => {
          request.header.set("content-type", "text/plain");
          return next(request);
        },
      ],
    });
    await expect(createClient(Greeter, transport).greet({})).rejects.toMatchObject({
      code: Code.Unknown,
      rawMessage: "HTTP 415",
    });
  });

  it.each(["PUT", "DELETE", "HEAD"])("%s gets 405", async (method) => {
    for (const send of [http1, http2]) {
      const answer = await send(`${ingress.url}/org.example.Greeter/Greet`, {
        method,
        headers: { "content-type": "application/json" },
      });
      expect(answer.status).toBe(405);
      expect(answer.headers.allow).toBe("POST");
      // The response to HEAD has no body; to the others it says which method to use.
      expect(answer.body.toString()).toMatch(method === "HEAD" ? /^$/ : /POST/);
    }
  });
});

describe("gRPC framing", () => {
  const ask = (body: Uint8Array, headers: Record<string, string> = {}) =>
    http2(`${ingress.url}/org.example.Greeter/Greet`, {
      headers: { "content-type": "application/grpc", ...headers },
      body,
    });
  const empty = framed(new Uint8Array());

  it.each([
    ["no message", new Uint8Array(), Code.Unimplemented],
    ["two messages", Buffer.concat([empty, empty]), Code.Unimplemented],
    ["half a prefix", empty.subarray(0, 3), Code.InvalidArgument],
    ["half a message", framed(new Uint8Array(10)).subarray(0, 9), Code.InvalidArgument],
    [
      "a compressed message without an encoding",
      encodeFrame({ flags: 1, data: new Uint8Array(3) }),
      Code.Internal,
    ],
  ])("refuses %s", async (_, body, code) => {
    expect(grpcError(await ask(body)).code).toBe(code);
  });

  it.each(["nonsense", "", gzipSync("truncated").subarray(0, 15), Buffer.from("H4sIAA==", "base64")])(
    "refuses a body that is not compressed as it says: %j",
    async (data) => {
      const body = encodeFrame({ flags: 1, data: Buffer.from(data) });
      const { code } = grpcError(await ask(body, { "grpc-encoding": "gzip" }));
      expect(code).toBe(data === "" ? 0 : Code.InvalidArgument);
    },
  );

  it.each([2, 0x80, 0x81, 0xff])("refuses a message with flags %d, as grpc-go does", async (flags) => {
    const body = encodeFrame({ flags, data: new Uint8Array() });
    expect(grpcError(await ask(body)).code).toBe(Code.Internal);
    const web = { "content-type": "application/grpc-web" };
    expect(grpcWebError(await ask(body, web)).code).toBe(Code.Internal);
  });

  it("passes over trailers of a gRPC-web request, and of no other", async () => {
    const body = Buffer.concat([empty, encodeFrame({ flags: 0x80, data: Buffer.from("a: b\r\n") })]);
    expect(grpcWebError(await ask(body, { "content-type": "application/grpc-web" })).code).toBe(0);
    expect(grpcError(await ask(body)).code).toBe(Code.Unimplemented);
  });

  it("answers with the request's content type", async () => {
    const { headers, trailers } = await ask(empty);
    expect(headers["content-type"]).toBe("application/grpc");
    expect(trailers["grpc-status"]).toBe("0");
  });
});
