import {
  create,
  createFileRegistry,
  type DescMethodUnary,
  fromBinary,
  setExtension,
  toBinary,
} from "@bufbuild/protobuf";
import {
  EmptySchema,
  FieldDescriptorProto_Type,
  FieldDescriptorProtoSchema,
  FieldOptionsSchema,
  FileDescriptorProtoSchema,
  ServiceOptionsSchema,
} from "@bufbuild/protobuf/wkt";
import {
  Code,
  ConnectError,
  type ConnectRouter,
  createContextKey,
  createContextValues,
  createRouterTransport,
  type HandlerContext,
} from "@connectrpc/connect";
import { awakeables, invocation } from "restate-connect";
import { createClient } from "restate-connect/codegen";
import { describe, expect, it } from "vitest";
import {
  FieldType,
  field as fieldOption,
  ServiceType,
  service_type,
} from "../../generated/dev/restate/ext_pb.ts";
import { Awakeables, Ingress, type InvokeRequest } from "../../generated/dev/restate/services_pb.ts";
import { AddRequestSchema, Counter } from "../../generated/org/example/counter_pb.ts";
import { createCounterClient } from "../../generated/org/example/counter_restate.ts";
import { Greeter, GreetRequestSchema, GreetResponseSchema } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { Orders } from "../../generated/org/example/orders_pb.ts";
import { createOrdersClient } from "../../generated/org/example/orders_restate.ts";
import { Invocations } from "../../generated/restateconnect/v1/invocations_pb.ts";

/** What a server saw of a one-way invocation. */
interface Sent {
  readonly request: InvokeRequest;
  readonly headers: Headers;
}

/** A server that records what `dev.restate.Ingress/Invoke` was given. */
function recordingIngress(sent: Sent[], answer?: (context: HandlerContext) => void) {
  return (router: ConnectRouter) => {
    router.service(Ingress, {
      invoke(request, context) {
        sent.push({ request, headers: context.requestHeader });
        answer?.(context);
        return { id: "inv_1test" };
      },
    });
  };
}

describe("a call", () => {
  it("takes a typed request and returns the typed response", async () => {
    const transport = createRouterTransport(({ service }) => {
      service(Greeter, { greet: ({ name }) => ({ greeting: `Hello ${name}` }) });
    });
    const { greeting } = await createGreeterClient(transport).greet({ name: "Pete" });
    expect(greeting).toBe("Hello Pete");
  });

  it("hands Connect's options on", async () => {
    const seen = createContextKey("unseen");
    let contextValue = "";
    const transport = createRouterTransport(
      ({ service }) => {
        service(Greeter, {
          greet: (_, { requestHeader, responseHeader, responseTrailer, timeoutMs }) => {
            responseHeader.set("x-echo", `${requestHeader.get("x-tenant")} ${(timeoutMs() ?? 0) > 0}`);
            responseTrailer.set("x-end", "bye");
            return {};
          },
        });
      },
      {
        transport: {
          interceptors: [
            (next) => (request) => {
              contextValue = request.contextValues.get(seen);
              return next(request);
            },
          ],
        },
      },
    );
    let header = "";
    let trailer = "";
    await createGreeterClient(transport).greet(
      { name: "Pete" },
      {
        headers: { "x-tenant": "acme" },
        timeoutMs: 60_000,
        contextValues: createContextValues().set(seen, "seen"),
        onHeader: (headers) => {
          header = headers.get("x-echo") ?? "";
        },
        onTrailer: (trailers) => {
          trailer = trailers.get("x-end") ?? "";
        },
      },
    );
    expect({ header, trailer, contextValue }).toEqual({
      header: "acme true",
      trailer: "bye",
      contextValue: "seen",
    });
  });

  it("stops when its signal aborts", async () => {
    const transport = createRouterTransport(({ service }) => {
      service(Greeter, { greet: () => new Promise(() => {}) });
    });
    const controller = new AbortController();
    const call = createGreeterClient(transport).greet({}, { signal: controller.signal });
    controller.abort();
    await expect(call).rejects.toMatchObject({ code: Code.Canceled });
  });

  it("sends the idempotency key in addition to other headers", async () => {
    let headers = new Headers();
    const transport = createRouterTransport(({ service }) => {
      service(Greeter, {
        greet: (_, context) => {
          headers = context.requestHeader;
          return {};
        },
      });
    });
    await createGreeterClient(transport).greet({}, { idempotencyKey: "order 7", headers: { "x-a": "b" } });
    expect(headers.get("idempotency-key")).toBe("order 7");
    expect(headers.get("x-a")).toBe("b");
  });

  it.each(["", " ", "schlüssel", "a\nb"])(
    "refuses the idempotency key %j before anything is sent",
    async (key) => {
      const call = createGreeterClient(unusable()).greet({}, { idempotencyKey: key });
      await expect(call).rejects.toMatchObject({ code: Code.InvalidArgument });
      await expect(call).rejects.toThrow(JSON.stringify(key));
    },
  );

  it("takes no request for google.protobuf.Empty, and returns nothing for it", async () => {
    let tenant: string | null = "";
    const transport = createRouterTransport(({ service }) => {
      service(Orders, {
        clear: (_, { requestHeader }) => {
          tenant = requestHeader.get("x-tenant");
          return {};
        },
        count: () => ({ value: 3n }),
      });
    });
    const orders = createOrdersClient(transport);
    expect(await orders.clear({ headers: { "x-tenant": "acme" } })).toBeUndefined();
    expect(tenant).toBe("acme");
    expect((await orders.count()).value).toBe(3n);
  });

  it("ends with the server's ConnectError, details included", async () => {
    const transport = createRouterTransport(({ service }) => {
      service(Greeter, {
        greet: () => {
          throw new ConnectError("who?", Code.NotFound, undefined, [
            { desc: GreetRequestSchema, value: { name: "nobody" } },
          ]);
        },
      });
    });
    const error = ConnectError.from(
      await createGreeterClient(transport)
        .greet({})
        .catch((e: unknown) => e),
    );
    expect(error.code).toBe(Code.NotFound);
    expect(error.findDetails(GreetRequestSchema)[0]?.name).toBe("nobody");
  });
});

describe("a keyed call", () => {
  it("fills the key in", async () => {
    const transport = createRouterTransport(({ service }) => {
      service(Counter, { add: ({ counter, value }) => ({ value: counter === "pete" ? value : 0n }) });
    });
    expect(await createCounterClient(transport).key("pete").add({ value: 7n })).toMatchObject({ value: 7n });
    expect(await createCounterClient(transport).add({ counter: "pete", value: 8n })).toMatchObject({
      value: 8n,
    });
  });

  it("leaves the caller's message as it is", async () => {
    const transport = createRouterTransport(({ service }) => {
      service(Counter, { add: ({ counter }) => ({ value: BigInt(counter.length) }) });
    });
    const request = fromBinary(AddRequestSchema, new Uint8Array());
    await createCounterClient(transport).key("pete").add(request);
    expect(request.counter).toBe("");
  });

  it("needs no request where the key was its only field", async () => {
    const transport = createRouterTransport(({ service }) => {
      service(Counter, { get: ({ counter }) => ({ value: BigInt(counter.length) }) });
    });
    expect((await createCounterClient(transport).key("four").get()).value).toBe(4n);
  });

  it("refuses an empty key before anything is sent", async () => {
    const counter = createCounterClient(unusable());
    expect(() => counter.key("")).toThrow("the argument of key() of org.example.Counter is the object key");
    await expect(counter.add({ value: 1n })).rejects.toThrow(
      "field counter of org.example.AddRequest is the object key",
    );
    await expect(counter.send.add({ counter: "" })).rejects.toMatchObject({ code: Code.InvalidArgument });
  });
});

describe("a send", () => {
  it("packs the request as Protobuf bytes and returns the invocation's id", async () => {
    const sent: Sent[] = [];
    const counter = createCounterClient(createRouterTransport(recordingIngress(sent))).key("pete");
    const { id } = await counter.send.add({ value: 2n ** 62n }, { idempotencyKey: "k" });
    expect(id).toBe("inv_1test");
    expect(sent).toHaveLength(1);
    expect(sent[0]?.request).toMatchObject({ service: "org.example.Counter", method: "Add" });
    expect(sent[0]?.headers.get("idempotency-key")).toBe("k");
    const { argument } = sent[0]?.request ?? {};
    if (argument?.case !== "pb") {
      return expect.fail("the argument is not pb");
    }
    expect(fromBinary(AddRequestSchema, argument.value)).toMatchObject({ counter: "pete", value: 2n ** 62n });
  });

  it("attaches to its typed result", async () => {
    const transport = createRouterTransport((router) => {
      recordingIngress([])(router);
      router.service(Invocations, {
        attach: ({ id }) => ({
          pb: toBinary(GreetResponseSchema, { $typeName: "org.example.GreetResponse", greeting: id }),
        }),
        output: ({ id }) => (id === "inv_1runs" ? {} : { pb: new Uint8Array() }),
        get: ({ id }) => ({ invocation: { id, attempts: 1 } }),
      });
    });
    const sent = await createGreeterClient(transport).send.greet({ name: "Pete" });
    expect((await sent.attach()).greeting).toBe("inv_1test");
    expect(await sent.get()).toMatchObject({ id: "inv_1test", attempts: 1 });
    const stored = invocation(transport, "inv_1stored", GreetResponseSchema);
    expect((await stored.attach()).greeting).toBe("inv_1stored");
    expect(await invocation(transport, "inv_1stored", EmptySchema).attach()).toBeUndefined();
    expect(await invocation(transport, "inv_1ended", EmptySchema).output()).toBeDefined();
    expect(await invocation(transport, "inv_1runs", EmptySchema).output()).toBeUndefined();
  });

  it("asks for a delay, and is content when the server confirms it", async () => {
    const sent: Sent[] = [];
    const confirm = ({ responseHeader }: HandlerContext) => {
      responseHeader.set("x-restate-execution-time", "2026-11-22T12:00:00.000Z");
    };
    const greeter = createGreeterClient(createRouterTransport(recordingIngress(sent, confirm)));
    await greeter.send.greet({ name: "later" }, { delay: 1500 });
    expect(sent[0]?.headers.get("x-restate-delay")).toBe("1500");
  });

  it("is content with a duplicate, whose time a Restate server does not tell again", async () => {
    const repeat = ({ responseHeader }: HandlerContext) => {
      responseHeader.set("x-restate-send-status", "previously-accepted");
    };
    const greeter = createGreeterClient(createRouterTransport(recordingIngress([], repeat)));
    const { id } = await greeter.send.greet({}, { delay: 1500, idempotencyKey: "once" });
    expect(id).toBe("inv_1test");
  });

  it("says so when the server did not understand the delay", async () => {
    const greeter = createGreeterClient(createRouterTransport(recordingIngress([])));
    const error = ConnectError.from(await greeter.send.greet({}, { delay: 1500 }).catch((e: unknown) => e));
    expect(error.code).toBe(Code.FailedPrecondition);
    expect(error.rawMessage).toMatch(/does not support delays and accepted inv_1test to run immediately/);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("refuses a delay of %d", async (delay) => {
    await expect(createGreeterClient(unusable()).send.greet({}, { delay })).rejects.toThrow(
      `delay is ${delay}`,
    );
  });
});

describe("awakeables", () => {
  it("resolves with a typed message and rejects with a reason", async () => {
    const completed: unknown[] = [];
    const transport = createRouterTransport(({ service }) => {
      service(Awakeables, {
        resolve: ({ id, result }) => {
          completed.push([
            id,
            result.case === "bytesResult" ? fromBinary(GreetResponseSchema, result.value).greeting : "",
          ]);
          return {};
        },
        reject: ({ id, reason }) => {
          completed.push([id, reason]);
          return {};
        },
      });
    });
    await awakeables(transport).resolve("prom_1a", GreetResponseSchema, { greeting: "hi" });
    await awakeables(transport).reject("prom_1b", "no time");
    expect(completed).toEqual([
      ["prom_1a", "hi"],
      ["prom_1b", "no time"],
    ]);
  });
});

/** A transport that fails the test when anything is sent. */
function unusable() {
  return createRouterTransport(() => {}, {
    transport: { interceptors: [() => () => expect.fail("something was sent")] },
  });
}

describe("a method whose name is special in JavaScript", () => {
  const name = "__proto__";

  it("is there, on the client and on its objects, as call and send", async () => {
    const field = create(FieldDescriptorProtoSchema, {
      name: "key",
      number: 1,
      type: FieldDescriptorProto_Type.STRING,
      options: create(FieldOptionsSchema),
    });
    setExtension(field.options ?? create(FieldOptionsSchema), fieldOption, FieldType.KEY);
    const options = create(ServiceOptionsSchema);
    setExtension(options, service_type, ServiceType.KEYED);
    const file = create(FileDescriptorProtoSchema, {
      name: "special.proto",
      syntax: "proto3",
      messageType: [{ name: "Keyed", field: [field] }],
      service: [{ name: "Special", options, method: [{ name, inputType: "Keyed", outputType: "Keyed" }] }],
    });
    const desc = createFileRegistry(file, () => undefined).getService("Special");
    if (desc === undefined) {
      throw new Error("there is such a service");
    }
    const localName = desc.methods[0]?.localName ?? "";
    type Method = (request: object) => Promise<unknown>;
    const transport = createRouterTransport(({ rpc }) => {
      rpc(desc.methods[0] as DescMethodUnary, (request) => request);
    });
    const client = createClient<{ key(key: string): Record<string, Method> }>(desc, transport).key("a");
    expect(Object.keys(client)).toContain(localName);
    expect(await client[localName]?.({})).toMatchObject({ key: "a" });
    expect(Object.getPrototypeOf(client)).toBe(Object.prototype);
  });
});
