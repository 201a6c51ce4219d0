import { clone, create } from "@bufbuild/protobuf";
import { ViolationsSchema } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { Code, ConnectError, createClient, type Interceptor } from "@connectrpc/connect";
import { createValidateInterceptor } from "@connectrpc/validate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Ingress } from "../../generated/dev/restate/services_pb.ts";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { service } from "../../src/ingress/index.ts";
import { createTransport, type NodeTransportOptions } from "../../src/transport/node.ts";
import { failure } from "../support/failure.ts";
import { recordingLogger } from "../support/loggers.ts";
import { validatedGreeter } from "../support/validated-greeter.ts";
import { http1, startIngress, type TestIngress } from "./support.ts";

const ways: readonly Pick<NodeTransportOptions, "protocol" | "format">[] = [
  { protocol: "connect" },
  { protocol: "connect", format: "json" },
  { protocol: "grpc" },
  { protocol: "grpc-web" },
];
const transportTo = ({ url }: TestIngress, way = ways[0]) =>
  createTransport({ ...way, baseUrl: url } as NodeTransportOptions);

/** Says what the greeter got. */
function greeter(desc: typeof Greeter = validatedGreeter()) {
  return service(desc, {
    greet: ({ name }, ctx) => {
      ctx.responseHeaders.set("x-handler", "was here");
      return { greeting: ["Hello", name, ctx.requestHeaders.get("x-user")].filter(Boolean).join(" ") };
    },
  });
}

/** The fields that an error names. */
function violatedFields(error: ConnectError): readonly unknown[] {
  return error
    .findDetails(ViolationsSchema)
    .flatMap(({ violations }) =>
      violations.map((one) => [one.field?.elements.map(({ fieldName }) => fieldName).join("."), one.ruleId]),
    );
}

describe("protovalidate on the ingress", () => {
  let ingress: TestIngress;
  beforeAll(async () => {
    ingress = await startIngress({ services: [greeter()], interceptors: [createValidateInterceptor()] });
  });
  afterAll(() => ingress.close());

  it.each(ways)("refuses an invalid call over %j, with the field's path", async (way) => {
    const client = createGreeterClient(transportTo(ingress, way));
    const error = await failure(client.greet({ name: "ab" }));
    expect(error.code).toBe(Code.InvalidArgument);
    expect(violatedFields(error)).toEqual([["name", "string.min_len"]]);
    expect(await client.greet({ name: "abc" })).toMatchObject({ greeting: "Hello abc" });
  });

  it.each(ways)("refuses an invalid one-way invocation over %j before it is accepted", async (way) => {
    const client = createGreeterClient(transportTo(ingress, way));
    const error = await failure(client.send.greet({ name: "ab" }));
    expect(error.code).toBe(Code.InvalidArgument);
    expect(violatedFields(error)).toEqual([["name", "string.min_len"]]);
    const sent = await client.send.greet({ name: "abc" });
    expect(await sent.attach()).toMatchObject({ greeting: "Hello abc" });
  });

  it("refuses an invalid payload in JSON", async () => {
    const send = (name: string) =>
      http1(`${ingress.url}/${Ingress.typeName}/Invoke`, {
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ service: "org.example.Greeter", method: "Greet", payload: { name } }),
      });
    const refused = await send("ab");
    expect(refused.status).toBe(400);
    expect(JSON.parse(refused.body.toString()).details).toMatchObject([{ type: "buf.validate.Violations" }]);
    expect((await send("abc")).status).toBe(200);
  });
});

it("protovalidate refuses an invalid call on the client, before it is sent", async () => {
  await using ingress = await startIngress({ services: [greeter()] });
  const options = { baseUrl: ingress.url, interceptors: [createValidateInterceptor()] };
  const client = createClient(validatedGreeter(), createTransport(options));
  const error = await failure(client.greet({ name: "ab" }));
  expect(error.code).toBe(Code.InvalidArgument);
  expect(violatedFields(error)).toEqual([["name", "string.min_len"]]);
  expect(await client.greet({ name: "abc" })).toMatchObject({ greeting: "Hello abc" });
});

describe("interceptors", () => {
  it("run from the first to the last, see method, URL and decoded message, and may change both ways", async () => {
    const seen: unknown[] = [];
    const first: Interceptor = (next) => async (request) => {
      seen.push(["first", request.method.name, request.url, request.header.get("x-mine")]);
      request.header.set("x-user", "Ada");
      const response = await next(request);
      response.header.set("x-first", "yes");
      return response;
    };
    const second: Interceptor = (next) => async (request) => {
      seen.push(["second", request.stream ? undefined : request.message]);
      return next(
        request.stream
          ? request
          : {
              ...request,
              message: Object.assign(clone(request.method.input, request.message), { name: "Eve" }),
            },
      );
    };
    await using ingress = await startIngress({ services: [greeter()], interceptors: [first, second] });
    const client = createGreeterClient(transportTo(ingress));
    let headers = new Headers();
    const response = await client.greet(
      { name: "Pete" },
      {
        headers: { "x-mine": "1" },
        onHeader: (got) => {
          headers = got;
        },
      },
    );
    expect(response).toMatchObject({ greeting: "Hello Eve Ada" });
    expect(Object.fromEntries(headers)).toMatchObject({ "x-first": "yes", "x-handler": "was here" });
    expect(seen).toEqual([
      ["first", "Greet", `${ingress.url}/org.example.Greeter/Greet`, "1"],
      ["second", expect.objectContaining({ name: "Pete" })],
    ]);
  });

  it("run for a one-way invocation as a request of its method, and change what is sent", async () => {
    const methods: string[] = [];
    const interceptor: Interceptor = (next) => async (request) => {
      methods.push(request.method.name);
      request.header.set("x-user", "Ada");
      return next(request);
    };
    await using ingress = await startIngress({ services: [greeter()], interceptors: [interceptor] });
    const sent = await createGreeterClient(transportTo(ingress)).send.greet({ name: "Pete" });
    expect(await sent.attach()).toMatchObject({ greeting: "Hello Pete Ada" });
    expect(methods).toEqual(["Greet"]);
  });

  it("see the error of a handler", async () => {
    const seen: unknown[] = [];
    const interceptor: Interceptor = (next) => async (request) => {
      try {
        return await next(request);
      } catch (reason) {
        seen.push(ConnectError.from(reason).rawMessage);
        throw reason;
      }
    };
    const failing = service(validatedGreeter(), {
      greet: () => {
        throw new ConnectError("no", Code.NotFound);
      },
    });
    await using ingress = await startIngress({ services: [failing], interceptors: [interceptor] });
    const error = await failure(createGreeterClient(transportTo(ingress)).greet({ name: "Pete" }));
    expect(error.code).toBe(Code.NotFound);
    expect(seen).toEqual(["no"]);
  });

  it("answer with an internal error, which the log gets, where an interceptor keeps a one-way invocation", async () => {
    const { logger, entries } = recordingLogger();
    const keep: Interceptor =
      () =>
      async ({ service }) => ({
        stream: false,
        service,
        method: Greeter.method.greet,
        header: new Headers(),
        trailer: new Headers(),
        message: create(Greeter.method.greet.output, { greeting: "kept" }),
      });
    await using ingress = await startIngress({ services: [greeter()], interceptors: [keep], logger });
    const client = createGreeterClient(transportTo(ingress));
    expect((await failure(client.send.greet({ name: "Pete" }))).code).toBe(Code.Internal);
    expect(entries).toHaveLength(1);
    expect(await client.greet({ name: "Pete" })).toMatchObject({ greeting: "kept" });
  });
});
