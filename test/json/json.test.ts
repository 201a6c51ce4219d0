// Generated JSON clients, against the ingress.
import { invocation } from "restate-connect";
import { service } from "restate-connect/ingress";
import {
  JsonCallError,
  type JsonCallOptions,
  type JsonClientOptions,
  jsonInvocation,
} from "restate-connect/json";
import { createTransport } from "restate-connect/node";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { Accounts, Signup } from "../../generated/org/example/accounts_pb.ts";
import {
  createAccountsJsonClient,
  createSignupJsonClient,
} from "../../generated/org/example/accounts_restate_json.ts";
import { createCounterJsonClient } from "../../generated/org/example/counter_restate_json.ts";
import { type GreetResponseJson, GreetResponseSchema } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterJsonClient } from "../../generated/org/example/greeter_restate_json.ts";
import type { OrderJson } from "../../generated/org/example/orders_pb.ts";
import {
  createOrdersJsonClient,
  createTillJsonClient,
} from "../../generated/org/example/orders_restate_json.ts";
import { exampleServices } from "../ingress/services.ts";
import { startIngress, type TestIngress } from "../ingress/support.ts";
import { type HttpServer, httpServer } from "../support/http-server.ts";

let ingress: TestIngress;
let options: JsonClientOptions;
const aborts: unknown[] = [];

beforeAll(async () => {
  const balances = new Map<string | undefined, bigint>();
  ingress = await startIngress({
    services: [
      ...exampleServices((reason) => aborts.push(reason)),
      service(Accounts, {
        credit({ cents }, { key }) {
          balances.set(key, (balances.get(key) ?? 0n) + cents);
          return { cents: balances.get(key) ?? 0n };
        },
        getBalance: (_, { key }) => ({ cents: balances.get(key) ?? 0n }),
      }),
      service(Signup, {
        run: ({ email }, { key }) => ({ account: `${key}: ${email}` }),
        confirm: () => {},
        getStatus: (_, { key }) => ({ status: `of ${key}` }),
      }),
    ],
  });
  options = { baseUrl: `${ingress.url}/` };
});
afterAll(() => ingress.close());

/** The outcome of an invocation: JSON clients do not wait for it by id. */
async function greetingOf(id: string): Promise<string> {
  const transport = createTransport({ baseUrl: ingress.url });
  return (await invocation(transport, id, GreetResponseSchema).attach()).greeting;
}

describe("a call", () => {
  it("takes and gives JSON", async () => {
    const answer = await createGreeterJsonClient(options).greet({ name: "Zoë 🦊" });
    expect(answer).toEqual({ greeting: "Hello Zoë 🦊" });
  });

  it("keeps 64-bit integers, enums, bytes, times and maps", async () => {
    const order = {
      number: "9007199254740993",
      priority: "PRIORITY_HIGH",
      lines: [{ article: "tea", quantity: 2, unitPrice: "350" }],
      iban: "NL00",
      labels: { a: "b" },
      placedAt: "2026-11-24T07:00:00Z",
      patience: "1.500s",
      extra: { deep: [1, null, { x: true }] },
      signature: "AAEC",
      checksum: "18446744073709551615",
    } satisfies OrderJson;
    const receipt = await createOrdersJsonClient(options).place(order);
    expect(receipt.number).toBe(order.number);
    expect(receipt.order).toMatchObject(order);
  });

  it("takes no argument for google.protobuf.Empty, and gives nothing for it", async () => {
    const orders = createOrdersJsonClient(options);
    expect(await orders.clear()).toBeUndefined();
    expect(await orders.count({ timeoutMs: 10_000 })).toBe("3");
    expect(await createTillJsonClient(options).deposit({ amount: "2" })).toEqual({ balance: "2" });
  });

  it("sends headers of the caller and of the options", async () => {
    let seen = "";
    const fetch: typeof globalThis.fetch = async (url, init) => {
      const response = await globalThis.fetch(url, init);
      seen = response.headers.get("x-echo") ?? "";
      return response;
    };
    await createGreeterJsonClient({ ...options, fetch }).greet(
      { name: "Pete" },
      { headers: { "x-echo": "heard" } },
    );
    expect(seen).toBe("heard");
  });

  it("runs once for an idempotency key", async () => {
    const counter = createCounterJsonClient(options).key("once");
    const add = () => counter.add({ value: "2" }, { idempotencyKey: "a" });
    expect(await add()).toEqual({ value: "2" });
    expect(await add()).toEqual({ value: "2" });
    expect(await counter.get()).toEqual({ value: "2" });
  });
});

describe("a key", () => {
  it("fills in the KEY field, and leaves the caller's request as it is", async () => {
    const counters = createCounterJsonClient(options);
    const request = { value: "40" };
    await counters.key("pete").add(request);
    expect(request).toEqual({ value: "40" });
    expect(await counters.add({ counter: "pete", value: "2" })).toEqual({ value: "42" });
    expect(await counters.key("pete").reset()).toBeUndefined();
    expect(await counters.key("pete").get()).toEqual({ value: "0" });
  });

  it("travels in a header for a VIRTUAL_OBJECT", async () => {
    const account = createAccountsJsonClient(options).key("Zoë/1 %");
    expect(await account.credit({ cents: "3" })).toEqual({ cents: "3" });
    expect(await account.getBalance()).toEqual({ cents: "3" });
  });

  it("is the id of a workflow, which is submitted", async () => {
    const workflow = createSignupJsonClient(options).workflow("w1");
    const { id } = await workflow.submit({ email: "a@example.org" });
    expect(id).toMatch(/^inv_1/);
    expect((await workflow.submit({ email: "b@example.org" })).id).toBe(id);
    expect(await workflow.getStatus()).toEqual({ status: "of w1" });
    expect(await workflow.confirm({ code: "1" })).toBeUndefined();
  });

  it("is refused when it is empty, before anything is sent", () => {
    const refusal = expect.objectContaining({
      code: "invalid_argument",
      message: "the key of org.example.Counter must be a non-empty string",
    });
    expect(() => createCounterJsonClient(options).key("")).toThrow(refusal);
  });
});

describe("a send", () => {
  it("resolves to the invocation's id", async () => {
    const { id } = await createGreeterJsonClient(options).send.greet({ name: "Paula" });
    expect(await greetingOf(id)).toBe("Hello Paula");
  });

  it("goes to the object that its key names", async () => {
    const counter = createCounterJsonClient(options).key("sent");
    await counter.send.add({ value: "40" });
    expect(await counter.add({ value: "2" })).toEqual({ value: "42" });
    const account = createAccountsJsonClient(options).key("sent");
    await account.send.credit({ cents: "5" });
    await account.send.getBalance({ timeoutMs: 10_000 });
    expect(await account.credit({ cents: "1" })).toEqual({ cents: "6" });
  });

  it("is joined by a call with its idempotency key", async () => {
    const greeter = createGreeterJsonClient(options);
    const { id } = await greeter.send.greet({ name: "Ann" }, { idempotencyKey: "ann", delay: 50 });
    expect(await greeter.greet({ name: "Ann" }, { idempotencyKey: "ann" })).toEqual({
      greeting: "Hello Ann",
    });
    expect(await greetingOf(id)).toBe("Hello Ann");
  });

  it("joins what was sent before under its idempotency key, delayed or not", async () => {
    const greeter = createGreeterJsonClient(options);
    const first = await greeter.send.greet({ name: "Bob" }, { idempotencyKey: "bob" });
    const again = await greeter.send.greet({ name: "Bob" }, { idempotencyKey: "bob", delay: 50 });
    expect(again.id).toBe(first.id);
  });

  it("rejects where the server does not confirm the delay", async () => {
    await using server = await httpServer((_, response) => {
      response.setHeader("content-type", "application/json").end('{"id":"inv_1old"}');
    });
    const greeter = createGreeterJsonClient({ baseUrl: server.url });
    expect(await greeter.send.greet({})).toMatchObject({ id: "inv_1old" });
    await expect(greeter.send.greet({}, { delay: 1.5 })).rejects.toMatchObject({
      code: "failed_precondition",
      message: expect.stringContaining("inv_1old runs immediately"),
    });
  });
});

describe("an outcome", () => {
  it("comes by the handle of a send, and by a stored id", async () => {
    const sent = await createGreeterJsonClient(options).send.greet({ name: "Zoë 🦊" });
    expect(await sent.attach()).toEqual({ greeting: "Hello Zoë 🦊" });
    expect(await sent.output()).toEqual({ greeting: "Hello Zoë 🦊" });
    const again = jsonInvocation<GreetResponseJson>(options, sent.id);
    expect(await again.attach({ timeoutMs: 10_000 })).toEqual({ greeting: "Hello Zoë 🦊" });
  });

  it("has 64-bit integers as text, and defaults", async () => {
    const sent = await createCounterJsonClient(options).key("outcome").send.get();
    expect(await sent.attach()).toEqual({ value: "0" });
  });

  it("is undefined while there is none", async () => {
    const sent = await createGreeterJsonClient(options).send.greet({ name: "Pete" }, { delay: 600_000 });
    expect(await sent.output()).toBeUndefined();
    await expect(sent.attach({ timeoutMs: 50 })).rejects.toMatchObject({ code: "deadline_exceeded" });
  });

  it("of google.protobuf.Empty is nothing to wait for, and an object once it is there", async () => {
    const sent = await createCounterJsonClient(options).key("outcome").send.reset();
    expect(await sent.attach()).toBeUndefined();
    expect(await sent.output()).toEqual({});
  });

  it("of a workflow comes by its submission", async () => {
    const submitted = await createSignupJsonClient(options)
      .workflow("ida")
      .submit({ email: "ida@example.org" });
    expect(await submitted.attach()).toEqual({ account: "ida: ida@example.org" });
  });

  it("is the invocation's own error, with its details", async () => {
    const sent = await createGreeterJsonClient(options).send.greet({ name: "not found" });
    const error: unknown = await sent.attach().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(JsonCallError);
    expect(error).toMatchObject({ code: "not_found", details: [{ type: "org.example.GreetResponse" }] });
  });

  it("of an unknown invocation is not_found", async () => {
    const unknown = jsonInvocation(options, "inv_1kPhIMUveaUU4o1PURRUl9YXFNK6guLN5v");
    await expect(unknown.attach()).rejects.toBeInstanceOf(JsonCallError);
  });
});

describe("a mistake of the caller", () => {
  const greet = (callOptions: JsonCallOptions) =>
    createGreeterJsonClient({ baseUrl: "http://127.0.0.1:1" }).greet({ name: "Pete" }, callOptions);

  it.each<[string, JsonCallOptions]>([
    ["an idempotency key beyond ASCII", { idempotencyKey: "order→7" }],
    ["a header beyond Latin-1", { headers: { "x-city": "東京" } }],
    ["a name that is not a header's", { headers: { "x a": "b" } }],
  ])("is a JsonCallError: %s", async (_, callOptions) => {
    const error: unknown = await greet(callOptions).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(JsonCallError);
    expect(error).toMatchObject({ code: "invalid_argument" });
  });

  it("is a JsonCallError: a key with half of a surrogate pair", () => {
    expect(() => createAccountsJsonClient(options).key("\ud800")).toThrow(JsonCallError);
  });
});

it.each([2 ** 31, 30 * 86_400_000, 2 ** 32, Number.POSITIVE_INFINITY])(
  "takes a deadline of %i ms, which no timer can hold, for none",
  async (timeoutMs) => {
    const { greeting } = await createGreeterJsonClient(options).greet({ name: "Pete" }, { timeoutMs });
    expect(greeting).toBe("Hello Pete");
  },
);

it("keeps nothing of a call that is over", async () => {
  let timers = 0;
  const setTimer = vi.spyOn(globalThis, "setTimeout");
  const clearTimer = vi.spyOn(globalThis, "clearTimeout");
  onTestFinished(() => {
    vi.restoreAllMocks();
  });
  const signal = new AbortController().signal;
  const added = vi.spyOn(signal, "addEventListener");
  const removed = vi.spyOn(signal, "removeEventListener");
  const fetch = async () => new Response('{"greeting":"Hello"}');
  await createGreeterJsonClient({ baseUrl: "http://x", fetch }).greet({}, { signal, timeoutMs: 3_600_000 });
  for (const { value } of setTimer.mock.results) {
    timers += clearTimer.mock.calls.some(([cleared]) => cleared === value) ? 0 : 1;
  }
  expect(timers).toBe(0);
  expect(removed.mock.calls).toEqual(added.mock.calls);
});

describe("an error", () => {
  it("has the service's code, message and details", async () => {
    const error: unknown = await createGreeterJsonClient(options)
      .greet({ name: "not found" })
      .catch((reason) => reason);
    expect(error).toBeInstanceOf(JsonCallError);
    const { details, ...rest } = error as JsonCallError;
    expect(rest).toMatchObject({ name: "JsonCallError", code: "not_found" });
    expect((error as Error).message).toBe("no such person: 100 % sure, ünd sorry");
    expect(details).toMatchObject([{ type: "org.example.GreetResponse", value: expect.any(String) }]);
  });

  it("is deadline_exceeded when the time is over, and the handler is told", async () => {
    const call = createGreeterJsonClient(options).greet({ name: "forever" }, { timeoutMs: 100 });
    await expect(call).rejects.toMatchObject({ code: "deadline_exceeded" });
    await expect.poll(() => aborts).toHaveLength(1);
  });

  it("is deadline_exceeded where the server, which gets the deadline, does not answer at all", async () => {
    let timeout: unknown;
    await using silent = await httpServer(({ headers }) => {
      timeout = headers["connect-timeout-ms"];
    });
    const call = createGreeterJsonClient({ baseUrl: silent.url }).greet({}, { timeoutMs: 99.5 });
    await expect(call).rejects.toMatchObject({
      code: "deadline_exceeded",
      message: `${silent.url}/org.example.Greeter/Greet took longer than timeoutMs`,
    });
    expect(timeout).toBe("100");
  });

  it("is canceled when the caller gives up, before the call or during it", async () => {
    await using silent = await httpServer(() => controller.abort());
    const controller = new AbortController();
    const greeter = createGreeterJsonClient({ baseUrl: silent.url });
    const { signal } = controller;
    await expect(greeter.greet({}, { signal })).rejects.toMatchObject({ code: "canceled" });
    await expect(greeter.send.greet({}, { signal })).rejects.toMatchObject({ code: "canceled" });
  });

  it("is unavailable, with what to look at, where nothing listens", async () => {
    const url = await closed(await httpServer(() => {}));
    await expect(createGreeterJsonClient({ baseUrl: url }).greet({})).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(
        /^cannot call http:.*: is the ingress running, and does it allow this page's origin/,
      ),
      cause: expect.any(TypeError),
    });
  });

  it.each([
    [200, "<html>", "unknown"],
    [400, "", "internal"],
    [401, "no", "unauthenticated"],
    [403, "[]", "permission_denied"],
    [404, "<html>", "unimplemented"],
    [418, "null", "unknown"],
    [429, "{}", "unavailable"],
    [502, "", "unavailable"],
    [503, "", "unavailable"],
    [504, "", "unavailable"],
  ])("of HTTP status %i with the body %j, from no Connect server, is %s", async (status, body, code) => {
    await using proxy = await httpServer((_, response) => {
      response.writeHead(status).end(body);
    });
    await expect(createGreeterJsonClient({ baseUrl: proxy.url }).greet({})).rejects.toMatchObject({
      code,
      message: `${proxy.url}/org.example.Greeter/Greet answered HTTP ${status} without a Connect error: check baseUrl`,
    });
  });

  it("of Restate 0.x has one l in canceled", async () => {
    await using old = await httpServer((_, response) => {
      response.writeHead(408, { "content-type": "application/json" }).end('{"code":"cancelled"}');
    });
    await expect(createGreeterJsonClient({ baseUrl: old.url }).greet({})).rejects.toMatchObject({
      code: "canceled",
      message: "cancelled",
      details: [],
    });
  });
});

/** Closes a server, and says where it was. */
async function closed(server: HttpServer): Promise<string> {
  await server[Symbol.asyncDispose]();
  return server.url;
}
