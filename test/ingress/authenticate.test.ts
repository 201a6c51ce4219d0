import { fromBinary } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bearerToken } from "../../examples/bearer-token.ts";
import { Ingress } from "../../generated/dev/restate/services_pb.ts";
import { Greeter, GreetResponseSchema } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { Invocations } from "../../generated/restateconnect/v1/invocations_pb.ts";
import { requireToken } from "../../src/cli/serve/require-token.ts";
import { service } from "../../src/ingress/index.ts";
import { createTransport, type NodeTransportOptions } from "../../src/transport/node.ts";
import { certificate, issuer } from "../support/certificates.ts";
import { http1, http2, startIngress, type TestIngress } from "./support.ts";
import { temporaryEngine } from "./temporary-engine.ts";

/** Tells who calls. */
const whoAmI = service(Greeter, {
  greet: (_, { requestHeaders }) => ({ greeting: requestHeaders.get("x-user") ?? "nobody" }),
});
const pete = { headers: { authorization: "Bearer s3cret", "x-user": "root" } };

let ingress: TestIngress;
beforeAll(async () => {
  const authenticate = bearerToken(new Map([["pete", "s3cret"]]));
  ingress = await startIngress({ services: [whoAmI], authenticate });
});
afterAll(() => ingress.close());

const ways: readonly Pick<NodeTransportOptions, "protocol" | "format">[] = [
  { protocol: "connect" },
  { protocol: "connect", format: "json" },
  { protocol: "grpc" },
  { protocol: "grpc-web" },
];

describe.each(ways)("authenticate, asked over %j", (way) => {
  const transport = () => createTransport({ ...way, baseUrl: ingress.url } as NodeTransportOptions);

  it("accepts the call and tells the handler the caller, which the caller's own header cannot change", async () => {
    expect(await createClient(Greeter, transport()).greet({}, pete)).toMatchObject({ greeting: "pete" });
  });

  it.each([{}, { authorization: "Bearer wrong" }, { authorization: "Basic s3cret" }])(
    "refuses %j",
    async (headers) => {
      const error = await createClient(Greeter, transport()).greet({}, { headers }).catch(ConnectError.from);
      expect(error).toMatchObject({
        code: Code.Unauthenticated,
        rawMessage: expect.stringContaining("valid token"),
      });
      expect((error as ConnectError).metadata.get("www-authenticate")).toBe("Bearer");
    },
  );

  it("is asked about one-way invocations", async () => {
    const greeter = createGreeterClient(transport());
    await expect(greeter.send.greet({})).rejects.toMatchObject({ code: Code.Unauthenticated });
    const sent = await greeter.send.greet({}, pete);
    expect(await sent.attach(pete)).toMatchObject({ greeting: "pete" });
  });
});

describe.each([
  ["serve --token", requireToken("s3cret")],
  ["an authenticate that returns it empty", () => ({ authorization: "" })],
  ["one that returns a scope too", () => ({ headers: { authorization: "" }, idempotencyScope: "pete" })],
] as const)("the header authorization, with %s", (_, authenticate) => {
  it("does not reach handlers and interceptors", async () => {
    const intercepted: (string | null)[] = [];
    const handled: (string | null)[] = [];
    const names = service(Greeter, {
      greet(_request, { requestHeaders }) {
        handled.push(requestHeaders.get("authorization"), requestHeaders.get("x-user"));
        return {};
      },
    });
    await using server = await startIngress({
      services: [names],
      authenticate,
      interceptors: [
        (next) => (request) => {
          intercepted.push(request.header.get("authorization"));
          return next(request);
        },
      ],
      engine: temporaryEngine({ redactedHeaders: [] }),
    });
    const { greet, send } = createGreeterClient(createTransport({ baseUrl: server.url }));
    await greet({}, pete);
    await (await send.greet({}, pete)).attach(pete);
    expect(handled).toEqual([null, "root", null, "root"]);
    expect(intercepted).toEqual([null, null]);
  });
});

describe("authenticate", () => {
  it("refuses in the shape of each protocol", async () => {
    const path = `${ingress.url}/org.example.Greeter/Greet`;
    const connect = await http1(path, { headers: { "content-type": "application/json" }, body: "{}" });
    expect(connect.status).toBe(401);
    expect(JSON.parse(connect.body.toString())).toMatchObject({ code: "unauthenticated" });
    const grpc = await http2(path, {
      headers: { "content-type": "application/grpc" },
      body: Buffer.alloc(5),
    });
    expect(grpc).toMatchObject({ status: 200, headers: { "grpc-status": "16" } });
    const web = await http1(path, {
      headers: { "content-type": "application/grpc-web" },
      body: Buffer.alloc(5),
    });
    expect(web.status).toBe(200);
    expect(web.body.toString("latin1")).toContain("grpc-status: 16\r\n");
  });

  it("is asked about reflection, and can let health checks pass", async () => {
    const reflection = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
    const grpc = { headers: { "content-type": "application/grpc" } };
    expect(await http2(ingress.url + reflection, grpc)).toMatchObject({ headers: { "grpc-status": "16" } });
    const connect = { headers: { "content-type": "application/connect+proto" } };
    expect(await http2(ingress.url + reflection, connect)).toMatchObject({ status: 401 });
    const health = { headers: { "content-type": "application/json" }, body: "{}" };
    expect((await http1(`${ingress.url}/grpc.health.v1.Health/Check`, health)).status).toBe(200);
  });

  it("is asked about the target of a one-way invocation too", async () => {
    await using guarded = await startIngress({
      authenticate({ method }) {
        if (method.parent.typeName === Greeter.typeName) {
          throw new ConnectError("not for you", Code.PermissionDenied);
        }
        return undefined;
      },
    });
    const client = createClient(Ingress, createTransport({ baseUrl: guarded.url }));
    await expect(client.invoke({ service: Greeter.typeName, method: "Greet" })).rejects.toMatchObject({
      code: Code.PermissionDenied,
    });
    expect(await client.invoke({ service: "org.example.Orders", method: "Clear" })).toMatchObject({
      id: expect.stringMatching(/^inv_/),
    });
  });

  it.each(["1.1", "2"] as const)("sees client certificates, over HTTP/%s", async (httpVersion) => {
    await using guarded = await startIngress({
      services: [whoAmI],
      tls: { ...certificate("server"), clientCa: issuer },
      authenticate: ({ clientCertificate }) => ({ "x-user": String(clientCertificate?.subject.CN) }),
    });
    const nodeOptions = { ca: issuer, ...certificate("client") };
    const transport = createTransport({
      baseUrl: guarded.url,
      httpVersion,
      nodeOptions,
    } as NodeTransportOptions);
    expect(await createClient(Greeter, transport).greet({})).toMatchObject({ greeting: "client" });
  });

  it("that fails itself tells no secrets", async () => {
    await using broken = await startIngress({
      authenticate: () => Promise.reject(new TypeError("the database's password is 1234")),
    });
    const call = createClient(Greeter, createTransport({ baseUrl: broken.url })).greet({});
    await expect(call).rejects.toMatchObject({ code: Code.Internal, rawMessage: "internal error" });
  });
});

describe("several callers", () => {
  const users = new Map([
    ["a", "alice"],
    ["b", "bob"],
    ["m", "mallory"],
  ]);
  const greeter = service(Greeter, {
    greet: ({ name }, { requestHeaders }) => ({ greeting: `${requestHeaders.get("x-user")}: ${name}` }),
  });
  const start = () =>
    startIngress({
      services: [greeter],
      allowCancel: true,
      authenticate({ headers, method }) {
        const user = users.get(headers.get("authorization") ?? "");
        if (user === undefined) {
          throw new ConnectError("say who you are", Code.Unauthenticated);
        }
        // Everybody may ask for outcomes, but not everybody may greet.
        if (user === "mallory" && method.parent.typeName === Greeter.typeName) {
          throw new ConnectError("not for mallory", Code.PermissionDenied);
        }
        return { headers: { "x-user": user }, idempotencyScope: user };
      },
    });
  const as = (authorization: string, more = {}) => ({ headers: { authorization, ...more } });
  const key = { "idempotency-key": "order-7" };

  it.each(ways)("have idempotency keys of their own, over %j", async (way) => {
    await using server = await start();
    const transport = createTransport({ ...way, baseUrl: server.url } as NodeTransportOptions);
    const client = createClient(Greeter, transport);
    const greet = async (user: string) => (await client.greet({ name: "x" }, as(user, key))).greeting;
    expect([await greet("a"), await greet("b"), await greet("a")]).toEqual([
      "alice: x",
      "bob: x",
      "alice: x",
    ]);
    // Another input is refused in the scope that knows the key, and in no other.
    await expect(client.greet({ name: "y" }, as("a", key))).rejects.toMatchObject({
      code: Code.AlreadyExists,
    });
    const sent = await createGreeterClient(transport).send.greet(
      { name: "z" },
      { ...as("b"), idempotencyKey: "sent" },
    );
    const invocations = createClient(Invocations, transport);
    const named = { service: Greeter.typeName, method: "Greet", idempotencyKey: "sent" };
    const attach = (user: string) => invocations.attach({ idempotentInvocation: named }, as(user));
    expect(fromBinary(GreetResponseSchema, (await attach("b")).pb).greeting).toBe("bob: z");
    await expect(attach("a")).rejects.toMatchObject({ code: Code.NotFound });
    expect(
      fromBinary(GreetResponseSchema, (await invocations.attach({ id: sent.id }, as("b"))).pb),
    ).toBeDefined();
  });

  it("may not have, see or cancel by its id an invocation of a method that they may not call", async () => {
    await using server = await start();
    const transport = createTransport({ baseUrl: server.url });
    const { id } = await createGreeterClient(transport).send.greet({ name: "x" }, as("a"));
    const invocations = createClient(Invocations, transport);
    for (const ask of ["attach", "output", "get", "cancel"] as const) {
      await expect(invocations[ask]({ id }, as("m"))).rejects.toMatchObject({
        code: Code.PermissionDenied,
        rawMessage: "not for mallory",
      });
    }
    expect((await invocations.attach({ id }, as("a"))).pb.byteLength).toBeGreaterThan(0);
    const unknown = `${id.slice(0, -1)}${id.endsWith("a") ? "b" : "a"}`;
    await expect(invocations.get({ id: unknown }, as("m"))).rejects.toMatchObject({ code: Code.NotFound });
  });
});
