import { StringValueSchema } from "@bufbuild/protobuf/wkt";
import { createClient, createRouterTransport } from "@connectrpc/connect";
import { awakeables, Code, ConnectError, InvocationState, invocation, restateError } from "restate-connect";
import { createTestTransport } from "restate-connect/testing";
import { describe, expect, it } from "vitest";
import { Accounts, Signup } from "../../generated/org/example/accounts_pb.ts";
import { createAccountsClient, createSignupClient } from "../../generated/org/example/accounts_restate.ts";
import { Counter } from "../../generated/org/example/counter_pb.ts";
import { createCounterClient } from "../../generated/org/example/counter_restate.ts";
import { Greeter, GreetRequestSchema } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { failure } from "../support/failure.ts";

const greets = () =>
  createTestTransport().answer(Greeter, { greet: ({ name }) => ({ greeting: `Hello ${name}` }) });

describe("calls on a test transport", () => {
  it("get the answer of the test, and are kept", async () => {
    const transport = greets().answer(Counter, {
      add: ({ value }, { key, headers }) => ({ value: value + BigInt(`${key}${headers.get("x-more")}`) }),
    });
    expect(await createGreeterClient(transport).greet({ name: "Pete" })).toMatchObject({
      $typeName: "org.example.GreetResponse",
      greeting: "Hello Pete",
    });
    const options = { headers: { "x-more": "0" }, idempotencyKey: "once" };
    expect(await createCounterClient(transport).key("7").add({ value: 2n }, options)).toMatchObject({
      value: 72n,
    });

    expect(transport.calls(Greeter.method.greet)).toMatchObject([
      { key: undefined, message: { name: "Pete" }, idempotencyKey: undefined },
    ]);
    const [add] = transport.calls(Counter.method.add);
    expect(add).toMatchObject({ key: "7", message: { counter: "7", value: 2n }, idempotencyKey: "once" });
    expect([...(add?.headers ?? [])]).toEqual([["x-more", "0"]]);
    expect(transport.calls().map(({ method }) => method.name)).toEqual(["Greet", "Add"]);
    expect(transport.sends()).toEqual([]);
  });

  it("may come from Connect's own clients", async () => {
    const transport = greets();
    const { greeting } = await createClient(Greeter, transport).greet({ name: "Pete" });
    expect(greeting).toBe("Hello Pete");
    expect(transport.calls(Greeter.method.greet)).toMatchObject([{ message: { name: "Pete" } }]);
  });

  it("have the key of an object, which is not in the request", async () => {
    const transport = createTestTransport().answer(Accounts, {
      credit: ({ cents }, { key }) => ({ cents: cents + BigInt(key?.length ?? 0) }),
    });
    expect(await createAccountsClient(transport).key("four").credit({ cents: 1n })).toMatchObject({
      cents: 5n,
    });
  });

  it("fail with the error of an answer, marked as that of the invocation", async () => {
    const transport = createTestTransport().answer(Greeter, {
      greet() {
        throw new ConnectError("no such thing", Code.NotFound, { "x-why": "because" }, [
          { desc: GreetRequestSchema, value: { name: "detail" } },
        ]);
      },
    });
    const error = await failure(createGreeterClient(transport).greet({ name: "Pete" }));
    expect(error).toMatchObject({ code: Code.NotFound, rawMessage: "no such thing" });
    expect(error.findDetails(GreetRequestSchema)).toMatchObject([{ name: "detail" }]);
    expect(restateError(error)).toMatchObject({ source: "invocation", metadata: { "x-why": "because" } });
  });

  it("name the method that has no answer", async () => {
    const transport = createTestTransport().answer(Counter, { get: () => ({ value: 1n }) });
    const error = await failure(createCounterClient(transport).key("pete").add({ value: 1n }));
    expect(error).toMatchObject({
      code: Code.Unimplemented,
      rawMessage:
        "the test has no answer for org.example.Counter/Add: add it with transport.answer(Counter, { add: … })",
    });
  });

  it("say that an answer is broken", async () => {
    const transport = createTestTransport().answer(Greeter, {
      greet() {
        throw new TypeError("names is undefined");
      },
    });
    expect(await failure(createGreeterClient(transport).greet({ name: "Pete" }))).toMatchObject({
      code: Code.Internal,
      rawMessage: "the test's answer for org.example.Greeter/Greet failed: names is undefined",
    });
  });

  it("get the later answer of two", async () => {
    const transport = greets();
    const { greet } = createGreeterClient(transport);
    await greet({ name: "Pete" });
    transport.answer(Greeter, { greet: () => ({ greeting: "Bye" }) });
    expect(await greet({ name: "Pete" })).toMatchObject({ greeting: "Bye" });
  });

  it("end by signal and by deadline", async () => {
    const transport = createTestTransport().answer(Greeter, { greet: () => new Promise(() => {}) });
    const { greet } = createGreeterClient(transport);
    expect((await failure(greet({ name: "" }, { timeoutMs: 1 }))).code).toBe(Code.DeadlineExceeded);
    expect((await failure(greet({ name: "" }, { signal: AbortSignal.abort() }))).code).toBe(Code.Canceled);
  });
});

describe("sends on a test transport", () => {
  it("are accepted without an answer, and kept", async () => {
    const transport = createTestTransport();
    const sent = await createCounterClient(transport).key("pete").send.add({ value: 2n }, { delay: 60_000 });
    expect(sent.id).toMatch(/^inv_1[0-9]{33}$/);
    const [add, ...others] = transport.sends(Counter.method.add);
    expect(others).toEqual([]);
    expect(add).toMatchObject({
      key: "pete",
      message: { counter: "pete", value: 2n },
      delay: 60_000,
      invocation: { id: sent.id },
    });
    expect(transport.calls()).toEqual([]);
    expect(await failure(sent.attach())).toMatchObject({
      code: Code.Unimplemented,
      rawMessage:
        "the test has no answer for org.example.Counter/Add: add it with transport.answer(Counter, { add: … })",
    });
  });

  it("have the answer as their outcome", async () => {
    const sent = await createGreeterClient(greets()).send.greet({ name: "Pete" }, { delay: 60_000 });
    expect(await sent.output()).toMatchObject({ greeting: "Hello Pete" });
    expect(await sent.attach()).toMatchObject({ greeting: "Hello Pete" });
    expect(await sent.get()).toMatchObject({
      id: sent.id,
      service: "org.example.Greeter",
      method: "Greet",
      state: InvocationState.SUCCEEDED,
    });
  });

  it("have no outcome until the answer is there", async () => {
    const answer = Promise.withResolvers<{ greeting: string }>();
    const transport = createTestTransport().answer(Greeter, { greet: () => answer.promise });
    const sent = await createGreeterClient(transport).send.greet({ name: "Pete" });
    expect(await sent.output()).toBeUndefined();
    expect((await sent.get()).state).toBe(InvocationState.RUNNING);
    const outcome = sent.attach();
    answer.resolve({ greeting: "at last" });
    expect(await outcome).toMatchObject({ greeting: "at last" });
  });

  it("fail with the error of the answer", async () => {
    const transport = createTestTransport().answer(Greeter, {
      greet() {
        throw new ConnectError("no such thing", Code.NotFound);
      },
    });
    const sent = await createGreeterClient(transport).send.greet({ name: "Pete" });
    const error = await failure(sent.attach());
    expect(error).toMatchObject({ code: Code.NotFound, rawMessage: "no such thing" });
    expect(restateError(error)).toMatchObject({ source: "invocation", invocationId: sent.id });
    expect(await sent.get()).toMatchObject({
      state: InvocationState.FAILED,
      lastFailure: { code: "not_found", message: "no such thing" },
    });
  });

  it("are found by idempotency key and by workflow id, and made once for each", async () => {
    const transport = greets().answer(Signup, { run: () => ({ account: "pete" }) });
    const { send } = createGreeterClient(transport);
    const options = { idempotencyKey: "once" };
    const first = await send.greet({ name: "Pete" }, options);
    expect((await send.greet({ name: "Pete" }, options)).id).toBe(first.id);
    const byKey = invocation(transport, { method: Greeter.method.greet, ...options });
    expect(await byKey.attach()).toMatchObject({ greeting: "Hello Pete" });

    const workflow = createSignupClient(transport).workflow("pete");
    await workflow.submit({ email: "pete@example.com" });
    await workflow.submit({ email: "pete@example.com" });
    expect(await workflow.attach()).toMatchObject({ account: "pete" });
    expect(transport.sends().map(({ method }) => method.name)).toEqual(["Greet", "Run"]);
    const unknown = invocation(transport, { method: Greeter.method.greet, idempotencyKey: "twice" });
    expect((await failure(unknown.attach())).code).toBe(Code.NotFound);
  });

  it("can be cancelled", async () => {
    const transport = createTestTransport().answer(Greeter, { greet: () => new Promise(() => {}) });
    const sent = await createGreeterClient(transport).send.greet({ name: "Pete" });
    await sent.cancel();
    expect(await failure(sent.attach())).toMatchObject({ code: Code.Canceled, rawMessage: "canceled" });
  });
});

it("keeps the awakeables that were completed", async () => {
  const transport = createTestTransport();
  const { resolve, reject } = awakeables(transport);
  await resolve("prom_1one", StringValueSchema, { value: "yes" });
  await resolve("prom_1two", StringValueSchema, { value: "json" }, { format: "json" });
  await reject("prom_1three", "changed my mind");
  const [one, two, three] = transport.completions();
  expect(one).toMatchObject({ id: "prom_1one", reason: undefined });
  expect(one?.value(StringValueSchema).value).toBe("yes");
  expect(two?.value(StringValueSchema).value).toBe("json");
  expect(three).toMatchObject({ id: "prom_1three", reason: "changed my mind" });
  expect(() => three?.value(StringValueSchema)).toThrow(
    'awakeable prom_1three has no value: it was rejected with "changed my mind"',
  );
});

it("refuses an answer for a method that there is not", () => {
  const answers = { great: () => ({}) } as object;
  expect(() => createTestTransport().answer(Greeter, answers)).toThrow(
    new Error("org.example.Greeter has no unary method great: its methods are greet"),
  );
});

it("answers a send, which Connect's router transport cannot", async () => {
  const router = createRouterTransport(({ service }) => {
    service(Greeter, { greet: ({ name }) => ({ greeting: `Hello ${name}` }) });
  });
  expect((await failure(createGreeterClient(router).send.greet({ name: "Pete" }))).code).toBe(
    Code.Unimplemented,
  );
  const sent = await createGreeterClient(greets()).send.greet({ name: "Pete" });
  expect(await sent.attach()).toMatchObject({ greeting: "Hello Pete" });
});
