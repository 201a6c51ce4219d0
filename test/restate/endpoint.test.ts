// Our handlers on a real Restate server, called by our clients without anything in between.
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { StringValueSchema } from "@bufbuild/protobuf/wkt";
import { awakeables, Code, ConnectError, invocation } from "restate-connect";
import { type Context, createEndpoint, type Endpoint, service } from "restate-connect/endpoint";
import { createTransport } from "restate-connect/node";
import { createTransport as createWebTransport } from "restate-connect/web";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { AddResponseSchema, Counter } from "../../generated/org/example/counter_pb.ts";
import { createCounterClient } from "../../generated/org/example/counter_restate.ts";
import { Greeter, GreetRequestSchema, GreetResponseSchema } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { type Order, OrderSchema, Orders, Till } from "../../generated/org/example/orders_pb.ts";
import { createOrdersClient, createTillClient } from "../../generated/org/example/orders_restate.ts";
import { InvocationState } from "../../generated/restateconnect/v1/invocations_pb.ts";
import { describeWithRestate } from "../support/describe-restate.ts";
import { quietSdk } from "../support/quiet-sdk.ts";
import { type RestateServer, startRestate } from "../support/restate-server.ts";

// The SDK reads its log level when it is imported.
vi.hoisted(() => {
  process.env.RESTATE_LOGGING = "ERROR";
});

/** What handlers tell the tests of, by the name they were called with. */
const seen = new Map<string, unknown>();
const awaiting = new Map<string, (id: string) => void>();

/** The id of the awakeable that the handler called with this name waits for. */
function awakeableOf(name: string): Promise<string> {
  return new Promise((resolve) => awaiting.set(name, resolve));
}

const greeter = service(Greeter, {
  async greet({ name }, ctx) {
    const [what, arg = ""] = name.split(" ");
    switch (what) {
      case "headers":
        return { greeting: JSON.stringify([...ctx.requestHeaders]) };
      case "details":
        throw new ConnectError("slow down", Code.ResourceExhausted, { "retry-after": "7" }, [
          { desc: GreetRequestSchema, value: { name: "detail" } },
        ]);
      case "flaky": {
        const attempts = Number(seen.get(name) ?? 0) + 1;
        seen.set(name, attempts);
        if (attempts < 3) {
          throw new Error("try again");
        }
        return { greeting: `attempt ${attempts}` };
      }
      case "count":
        return { greeting: String(await addTwice(ctx, arg)) };
      case "refused":
        return { greeting: await refusal(ctx) };
      case "await": {
        const { id, promise } = ctx.awakeable(StringValueSchema);
        await ctx.sdk?.run("tell the test", () => awaiting.get(name)?.(id));
        return { greeting: `Hello ${(await promise).value}` };
      }
      case "sleep":
        await ctx.sdk?.sleep(Number(arg));
        return { greeting: "slept" };
      case "slow":
        return { greeting: await slowCall(ctx) };
    }
    return { greeting: `Hello ${name}` };
  },
});

/** A call, a send and an attach in one invocation, which fails once in the middle. */
async function addTwice(ctx: Context, counter: string): Promise<bigint> {
  const object = ctx.client(createCounterClient).key(counter);
  const first = await object.add({ value: 1n });
  const sent = await object.send.add({ value: 10n });
  if (!seen.has(counter)) {
    seen.set(counter, true);
    throw new Error("fails once, after both");
  }
  const second = await sent.attach();
  return first.value * 100n + second.value;
}

async function refusal(ctx: Context): Promise<string> {
  try {
    await ctx.client(createGreeterClient).greet({ name: "details" });
    return "it succeeded";
  } catch (reason) {
    const error = ConnectError.from(reason);
    return `${Code[error.code]} ${error.findDetails(GreetRequestSchema)[0]?.name}`;
  }
}

async function slowCall(ctx: Context): Promise<string> {
  try {
    await ctx.client(createGreeterClient).greet({ name: "sleep 60000" }, { timeoutMs: 100 });
    return "it succeeded";
  } catch (reason) {
    return Code[ConnectError.from(reason).code] ?? "";
  }
}

const counter = service(Counter, {
  async add({ counter, value }, ctx) {
    const before = BigInt((await ctx.sdk?.get<string>("value")) ?? "0");
    await new Promise((resolve) => setTimeout(resolve, 5));
    ctx.sdk?.set("value", String(before + value));
    seen.set(counter, ctx.key);
    return { value: before + value };
  },
  get: async (_, ctx) => ({ value: BigInt((await ctx.sdk?.get<string>("value")) ?? "0") }),
  reset: (_, ctx) => ctx.sdk?.clearAll(),
});

const orders = service(Orders, {
  place: (order) => ({ number: order.number, total: 1n, order }),
  find: ({ number }) => ({ number }),
  lookup: ({ number }) => ({ number }),
  clear: () => {},
  count: () => ({ value: 3n }),
});

const till = service(Till, {
  async deposit({ amount }, ctx) {
    const balance = BigInt((await ctx.sdk?.get<string>("balance")) ?? "0") + amount;
    ctx.sdk?.set("balance", String(balance));
    seen.set("till", ctx.key);
    return { balance };
  },
});

describeWithRestate("restate-connect/endpoint", () => {
  let server: RestateServer;
  let endpoint: Endpoint;

  beforeAll(async () => {
    quietSdk();
    server = await startRestate();
    endpoint = createEndpoint({ services: [greeter, counter, orders, till] });
    const { url } = await endpoint.listen({ port: 0 });
    await server.register(url);
  });
  afterAll(async () => {
    await server?.stop();
    await endpoint?.close({ drainMs: 0 });
  });

  const base = () => ({ baseUrl: server.ingressUrl, protocol: "restate" }) as const;
  const transports = [
    ["node, binary, HTTP/1.1", () => createTransport(base())],
    ["node, json, HTTP/2", () => createTransport({ ...base(), httpVersion: "2", format: "json" })],
    ["web, binary", () => createWebTransport(base())],
    ["web, json", () => createWebTransport({ ...base(), format: "json" })],
  ] as const;

  describe.each(transports)("over protocol restate (%s)", (title, transport) => {
    it("calls, and tells the invocation's id", async () => {
      let id: string | null = null;
      const onHeader = (header: Headers) => {
        id = header.get("x-restate-id");
      };
      const answer = await createGreeterClient(transport()).greet({ name: "Ada" }, { onHeader });
      expect(answer).toMatchObject({ greeting: "Hello Ada" });
      expect(await invocation(transport(), String(id), GreetResponseSchema).attach()).toEqual(answer);
    });

    it("keeps every kind of field", async () => {
      const order: Order = create(OrderSchema, {
        number: 2n ** 62n,
        lines: [{ article: "a", quantity: 3, unitPrice: -1n }],
        payment: { case: "card", value: { holder: "Ada", lastDigits: 42 } },
        labels: { a: "b" },
        placedAt: { seconds: 1n, nanos: 5_000 },
        extra: { some: ["json", 1, null] },
        coupon: "",
        signature: new Uint8Array([0, 255]),
        weight: Number.POSITIVE_INFINITY,
      });
      expect((await createOrdersClient(transport()).place(order)).order).toEqual(order);
    });

    it("takes and gives nothing", async () => {
      const client = createOrdersClient(transport());
      expect(await client.clear()).toBeUndefined();
      expect(await client.count()).toMatchObject({ value: 3n });
    });

    it("takes a large request", async () => {
      const name = "x".repeat(3 << 20);
      const { greeting } = await createGreeterClient(transport()).greet({ name });
      expect(greeting.length).toBe(name.length + 6);
    });

    it("hands the caller's headers to the handler, and none of HTTP's", async () => {
      const headers = { "x-mine": "a", authorization: "Bearer b" };
      const { greeting } = await createGreeterClient(transport()).greet({ name: "headers" }, { headers });
      const got = new Map(JSON.parse(greeting) as [string, string][]);
      expect(got.get("x-mine")).toBe("a");
      expect(got.get("authorization")).toBe("Bearer b");
      expect([...got.keys()].filter((name) => /^(content-|connect|host|x-restate)/.test(name))).toEqual([]);
    });

    it("carries a ConnectError whole: code, message, metadata, details", async () => {
      const error = await createGreeterClient(transport())
        .greet({ name: "details" })
        .catch(ConnectError.from);
      expect(error).toMatchObject({ code: Code.ResourceExhausted, rawMessage: "slow down" });
      expect((error as ConnectError).metadata.get("retry-after")).toBe("7");
      expect((error as ConnectError).findDetails(GreetRequestSchema)).toMatchObject([{ name: "detail" }]);
    });

    it.each(["plain", "a/b", "a b%20c", "é ☃ 😀", "?#&=+"])("reaches the object %j", async (key) => {
      const object = createCounterClient(transport()).key(key);
      await object.reset();
      expect(await object.add({ value: 2n })).toMatchObject({ value: 2n });
      const sent = await object.send.add({ value: 3n });
      expect(await sent.attach()).toMatchObject({ value: 5n });
      expect(seen.get(key)).toBe(key);
    });

    it("runs one invocation of an object at a time", async () => {
      const object = createCounterClient(transport()).key(`serial ${title}`);
      const adds = Array.from({ length: 20 }, () => object.add({ value: 1n }));
      const values = (await Promise.all(adds)).map(({ value }) => value);
      expect(new Set(values).size).toBe(20);
      expect(await object.get()).toMatchObject({ value: 20n });
    });

    it("reaches the one object that a SINGLETON is", async () => {
      const client = createTillClient(transport());
      const { balance } = await client.deposit({ amount: 5n });
      expect(await (await client.send.deposit({ amount: 1n })).attach()).toMatchObject({
        balance: balance + 1n,
      });
      expect(seen.get("till")).toBe("");
    });

    it("delays a send, and returns when it is due", async () => {
      let due: string | null = null;
      const onHeader = (header: Headers) => {
        due = header.get("x-restate-execution-time");
      };
      const before = Date.now();
      const sent = await createGreeterClient(transport()).send.greet(
        { name: "later" },
        { delay: 300, onHeader },
      );
      expect(Date.parse(String(due))).toBeGreaterThan(before);
      expect(await sent.get()).toMatchObject({ state: InvocationState.UNSPECIFIED });
      expect(await sent.attach()).toMatchObject({ greeting: "Hello later" });
      expect(await sent.get()).toMatchObject({ state: InvocationState.SUCCEEDED });
    });

    it("sends once for an idempotency key, and a call with the key joins", async () => {
      const client = createGreeterClient(transport());
      const idempotencyKey = `a/b c ${title}`;
      const first = await client.send.greet({ name: "once" }, { idempotencyKey });
      const second = await client.send.greet({ name: "twice" }, { idempotencyKey });
      expect(second.id).toBe(first.id);
      expect(await client.greet({ name: "thrice" }, { idempotencyKey })).toMatchObject({
        greeting: "Hello once",
      });
    });

    it("reports the error of a failed invocation", async () => {
      const sent = await createGreeterClient(transport()).send.greet({ name: "details" });
      await expect(sent.attach()).rejects.toMatchObject({ code: Code.ResourceExhausted });
      expect(await sent.get()).toMatchObject({
        state: InvocationState.FAILED,
        lastFailure: { code: "resource_exhausted", message: "slow down" },
      });
    });

    it("says that an invocation is unknown, or no id at all", async () => {
      const unknown = (await createGreeterClient(transport()).send.greet({ name: "" })).id.slice(0, -3);
      const handle = (id: string) => invocation(transport(), id, GreetResponseSchema);
      await expect(handle(`${unknown}000`).attach()).rejects.toMatchObject({ code: Code.NotFound });
      await expect(handle("inv_nonsense").attach()).rejects.toMatchObject({ code: Code.InvalidArgument });
    });

    it("ends a wait by timeout or signal, whichever comes first", async () => {
      const client = createGreeterClient(transport());
      const { signal } = new AbortController();
      const call = client.greet({ name: "sleep 60000" }, { timeoutMs: 100, signal });
      await expect(call).rejects.toMatchObject({ code: Code.DeadlineExceeded });
      const aborted = client.greet(
        { name: "sleep 60000" },
        { timeoutMs: 60_000, signal: AbortSignal.timeout(100) },
      );
      await expect(aborted).rejects.toMatchObject({ code: Code.Canceled });
    });

    it("completes awakeables", async () => {
      const client = createGreeterClient(transport());
      const id = awakeableOf(`await ${title}`);
      const answer = client.greet({ name: `await ${title}` });
      await awakeables(transport()).resolve(await id, StringValueSchema, { value: "Ada" });
      expect(await answer).toMatchObject({ greeting: "Hello Ada" });
    });

    it("rejects awakeables", async () => {
      const client = createGreeterClient(transport());
      const name = `await rejected ${title}`;
      const id = awakeableOf(name);
      const answer = client.greet({ name }).catch(ConnectError.from);
      await awakeables(transport()).reject(await id, "no reason");
      expect(await answer).toMatchObject({ code: Code.Unknown, rawMessage: "no reason" });
    });
  });

  const client = () => createGreeterClient(createTransport(base()));

  it("retries any other error, and never lets it out", async () => {
    expect(await client().greet({ name: "flaky" })).toMatchObject({ greeting: "attempt 3" });
  });

  it("calls, sends and attaches from a handler, once over all attempts", async () => {
    const { greeting } = await client().greet({ name: "count durable" });
    expect(greeting).toBe("111"); // 1 * 100 + 11: each addition was made once
  });

  it("gives a handler the errors of what it calls, with details", async () => {
    expect(await client().greet({ name: "refused" })).toMatchObject({ greeting: "ResourceExhausted detail" });
  });

  it("ends a handler's call at its timeout", async () => {
    expect(await client().greet({ name: "slow" })).toMatchObject({ greeting: "DeadlineExceeded" });
  });

  describe("for anybody's HTTP client", () => {
    const post = (path: string, contentType: string, body: string | Uint8Array) =>
      fetch(server.ingressUrl + path, {
        method: "POST",
        headers: { "content-type": contentType },
        body: body as string,
      });

    it("answers JSON in JSON", async () => {
      const response = await post("/org.example.Greeter/Greet", "application/json", '{"name":"Ada"}');
      expect(await response.json()).toEqual({ greeting: "Hello Ada" });
    });

    it("answers Protobuf in Protobuf", async () => {
      const body = toBinary(GreetRequestSchema, create(GreetRequestSchema, { name: "Ada" }));
      const response = await post("/org.example.Greeter/Greet", "application/proto", body);
      const bytes = new Uint8Array(await response.arrayBuffer());
      expect(fromBinary(GreetResponseSchema, bytes).greeting).toBe("Hello Ada");
    });

    it("takes the key from the path", async () => {
      const response = await post("/org.example.Counter/http/Add", "application/json", '{"value":"4"}');
      expect(await response.json()).toEqual({ value: "4" });
    });

    it("refuses a message that names another object than the path", async () => {
      const body = '{"counter":"other","value":"4"}';
      const response = await post("/org.example.Counter/http/Add", "application/json", body);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ metadata: { "connect-code": "invalid_argument" } });
    });

    it("refuses a malformed request with a terminal error", async () => {
      const response = await post("/org.example.Greeter/Greet", "application/json", '{"nam":"Ada"}');
      expect(response.status).toBe(400);
      expect(await response.text()).toContain("GreetRequest");
    });
  });

  it.each([
    ["binary", "json"],
    ["json", "binary"],
  ] as const)("answers a call in %s to one in %s that joins it", async (first, second) => {
    const greet = (format: "binary" | "json") =>
      createGreeterClient(createTransport({ ...base(), format })).greet(
        { name: "same" },
        { idempotencyKey: `joined in ${second}` },
      );
    expect(await greet(first)).toEqual(await greet(second));
  });

  it("attaches in binary to what was sent as JSON", async () => {
    const json = createTransport({ ...base(), format: "json" });
    const sent = await createCounterClient(json).send.add({ counter: "mixed", value: 7n });
    const handle = invocation(createTransport(base()), sent.id, AddResponseSchema);
    expect(await handle.attach()).toMatchObject({ value: 7n });
  });
});
