// The types of generated clients and handlers. The project's tsc compiles this file; nothing runs it.
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Empty } from "@bufbuild/protobuf/wkt";
import type { Transport } from "@connectrpc/connect";
import { type Context, type Invocation, type InvocationHandle, invocation } from "restate-connect";
import { createIngressClient } from "../../generated/dev/restate/services_restate.ts";
import { type Balance, Signup, type SignupResponse } from "../../generated/org/example/accounts_pb.ts";
import { createAccountsClient, createSignupClient } from "../../generated/org/example/accounts_restate.ts";
import {
  type AddResponse,
  Counter,
  type GetResponse,
  type ResetRequest,
} from "../../generated/org/example/counter_pb.ts";
import { type CounterHandlers, createCounterClient } from "../../generated/org/example/counter_restate.ts";
import { Greeter, type GreetResponse, GreetResponseSchema } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterClient, type GreeterHandlers } from "../../generated/org/example/greeter_restate.ts";
import { Orders } from "../../generated/org/example/orders_pb.ts";
import { createOrdersClient, type OrdersHandlers } from "../../generated/org/example/orders_restate.ts";
import { type Handlers, service } from "../../src/service/index.ts";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function same<A, B>(...equal: Same<A, B> extends true ? [] : [never]): void;
declare const transport: Transport;

export async function calls(): Promise<void> {
  const greeter = createGreeterClient(transport);
  const response = await greeter.greet({ name: "Pete" }, { timeoutMs: 1, idempotencyKey: "a" });
  same<typeof response, GreetResponse>();
  await greeter.greet({});
  // @ts-expect-error: no such field
  await greeter.greet({ nam: "" });
  // @ts-expect-error: the wrong type
  await greeter.greet({ name: 1 });
  // @ts-expect-error: there is a request to give
  await greeter.greet();
  // @ts-expect-error: no such method
  await greeter.great({});
  // @ts-expect-error: a call is not delayed
  await greeter.greet({}, { delay: 1 });
  // @ts-expect-error: Greeter is not KEYED
  greeter.key("a");
}

export async function sends(): Promise<void> {
  const sent = await createGreeterClient(transport).send.greet({ name: "Pete" }, { delay: 1 });
  same<typeof sent, Invocation<GreetResponse>>();
  same<Awaited<ReturnType<typeof sent.attach>>, GreetResponse>();
  same<Awaited<ReturnType<typeof sent.output>>, GreetResponse | undefined>();
  // @ts-expect-error: no such field
  await createGreeterClient(transport).send.greet({ nam: "" });
  // @ts-expect-error: one-way invocations come of calls alone
  createGreeterClient(transport).send.send;
}

export async function handles(): Promise<void> {
  const sent = invocation(transport, "inv_1", GreetResponseSchema);
  same<typeof sent, Invocation<GreetResponse>>();
  const add = invocation(transport, { method: Counter.method.add, key: "a", idempotencyKey: "b" });
  same<typeof add, InvocationHandle<AddResponse>>();
  const reset = invocation(transport, { method: Counter.method.reset, key: "a", idempotencyKey: "b" });
  same<Awaited<ReturnType<typeof reset.attach>>, void>();
  same<Awaited<ReturnType<typeof reset.output>>, Empty | undefined>();
  const signup = invocation(transport, { method: Signup.method.run, workflowId: "a" });
  same<typeof signup, InvocationHandle<SignupResponse>>();
  // @ts-expect-error: the id of what has an idempotency key is not known before it is asked for
  add.id;
  // @ts-expect-error: an id alone does not tell the message
  invocation(transport, "inv_1");
}

export async function objects(): Promise<void> {
  const counters = createCounterClient(transport);
  await counters.add({ counter: "a", value: 1n });
  const counter = counters.key("a");
  same<Awaited<ReturnType<typeof counter.add>>, AddResponse>();
  await counter.add({ value: 1n });
  // @ts-expect-error: the key is named already
  await counter.add({ counter: "b" });
  // @ts-expect-error: the key is named already
  await counter.send.add({ counter: "b" });
  // @ts-expect-error: Add has more than a key
  await counter.add();
  // @ts-expect-error: a key is a string
  counters.key(1);
  // @ts-expect-error: an object is not a service
  counter.key("b");

  const got = await counter.get();
  same<typeof got, GetResponse>();
  await counter.get({}, { timeoutMs: 1 });
  const sent = await counter.send.reset(undefined, { delay: 1 });
  same<typeof sent, Invocation<void>>();
}

export async function objectsOfTheGoSdk(): Promise<void> {
  const accounts = createAccountsClient(transport);
  const account = accounts.key("a");
  const balance = await account.credit({ cents: 1n });
  same<typeof balance, Balance>();
  same<Awaited<ReturnType<typeof account.getBalance>>, Balance>();
  same<Awaited<ReturnType<typeof account.send.credit>>, Invocation<Balance>>();
  // @ts-expect-error: without a key there is nothing to call
  await accounts.credit({ cents: 1n });
  // @ts-expect-error: the key is not a field
  await account.credit({ key: "a" });
}

export async function workflows(): Promise<void> {
  const workflow = createSignupClient(transport).workflow("a");
  const submitted = await workflow.submit({ email: "a" }, { delay: 1 });
  same<typeof submitted, Invocation<SignupResponse>>();
  same<Awaited<ReturnType<typeof workflow.attach>>, SignupResponse>();
  same<Awaited<ReturnType<typeof workflow.output>>, SignupResponse | undefined>();
  same<Awaited<ReturnType<typeof workflow.confirm>>, void>();
  same<Awaited<ReturnType<typeof workflow.send.confirm>>, Invocation<void>>();
  // @ts-expect-error: a run is submitted
  await workflow.run({});
  // @ts-expect-error: its id makes it run once
  await workflow.submit({}, { idempotencyKey: "a" });
}

export async function empties(): Promise<void> {
  const orders = createOrdersClient(transport);
  const nothing = await orders.clear();
  same<typeof nothing, void>();
  await orders.clear({ timeoutMs: 1 });
  same<Awaited<ReturnType<typeof orders.send.clear>>, Invocation<void>>();
  // @ts-expect-error: Empty has no fields, and there is no request to give
  await orders.clear({}, { timeoutMs: 1 });
  const { id } = await createIngressClient(transport).invoke({ service: "org.example.Greeter" });
  same<typeof id, string>();
}

export async function clientsAreNoPromises(): Promise<void> {
  const greeter = createGreeterClient(transport);
  same<Awaited<typeof greeter>, typeof greeter>();
}

export const greeterHandlers: GreeterHandlers = {
  greet(request, ctx) {
    same<typeof ctx, Context>();
    return { greeting: `Hello ${request.name}` };
  },
};

export const counterHandlers: CounterHandlers = {
  async add({ value }) {
    return { value };
  },
  get: () => ({}),
  async reset(request) {
    same<typeof request, ResetRequest>();
  },
};

export const missingHandlers: CounterHandlers = {
  get: () => ({}),
  reset: () => {},
  // @ts-expect-error: the wrong type
  add: () => ({ value: 1 }),
};

declare const ordersHandlers: OrdersHandlers;
export const services = [
  service(Greeter, greeterHandlers),
  service(Counter, counterHandlers),
  service(Orders, ordersHandlers),
  // @ts-expect-error: the handlers of another service
  service(Greeter, counterHandlers),
];

// service() accepts the generated interface.
declare const handlersOfOrders: Handlers<typeof Orders>;
export const both: OrdersHandlers = handlersOfOrders;

same<
  ReturnType<GreeterHandlers["greet"]>,
  MessageInitShape<typeof GreetResponseSchema> | Promise<MessageInitShape<typeof GreetResponseSchema>>
>();
