// The types of generated JSON clients. The project's tsc compiles this file; nothing runs it.
import type { JsonClientOptions, JsonInvocation } from "restate-connect/json";
import type { BalanceJson, SignupResponseJson } from "../../generated/org/example/accounts_pb.ts";
import {
  createAccountsJsonClient,
  createSignupJsonClient,
} from "../../generated/org/example/accounts_restate_json.ts";
import type { AddResponseJson } from "../../generated/org/example/counter_pb.ts";
import { createCounterJsonClient } from "../../generated/org/example/counter_restate_json.ts";
import type { GreetResponseJson } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterJsonClient } from "../../generated/org/example/greeter_restate_json.ts";
import { createOrdersJsonClient } from "../../generated/org/example/orders_restate_json.ts";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function same<A, B>(...equal: Same<A, B> extends true ? [] : [never]): void;
declare const options: JsonClientOptions;

export async function calls(): Promise<void> {
  const greeter = createGreeterJsonClient(options);
  const response = await greeter.greet({ name: "Pete" }, { timeoutMs: 1, idempotencyKey: "a" });
  same<typeof response, GreetResponseJson>();
  // @ts-expect-error: no such field
  await greeter.greet({ nam: "" });
  // @ts-expect-error: there is a request to give
  await greeter.greet();
  // @ts-expect-error: a call is not delayed
  await greeter.greet({}, { delay: 1 });
  // @ts-expect-error: Greeter is not KEYED
  greeter.key("a");
  same<Awaited<typeof greeter>, typeof greeter>();
}

export async function sends(): Promise<void> {
  const sent = await createGreeterJsonClient(options).send.greet({ name: "Pete" }, { delay: 1 });
  same<typeof sent, JsonInvocation<GreetResponseJson>>();
  same<Awaited<ReturnType<typeof sent.attach>>, GreetResponseJson>();
  same<Awaited<ReturnType<typeof sent.output>>, GreetResponseJson | undefined>();
}

export async function objects(): Promise<void> {
  const counters = createCounterJsonClient(options);
  await counters.add({ counter: "a", value: "1" });
  const counter = counters.key("a");
  same<Awaited<ReturnType<typeof counter.add>>, AddResponseJson>();
  await counter.send.add({ value: "1" });
  await counter.get();
  // @ts-expect-error: a 64-bit integer is a string in JSON
  await counter.add({ value: 1n });
  // @ts-expect-error: the key is named already
  await counter.add({ counter: "b" });
  // @ts-expect-error: Add has more than a key
  await counter.add();

  const accounts = createAccountsJsonClient(options);
  same<Awaited<ReturnType<ReturnType<typeof accounts.key>["getBalance"]>>, BalanceJson>();
  // @ts-expect-error: without a key there is nothing to call
  await accounts.credit({ cents: "1" });
}

export async function workflows(): Promise<void> {
  const workflow = createSignupJsonClient(options).workflow("a");
  same<Awaited<ReturnType<typeof workflow.submit>>, JsonInvocation<SignupResponseJson>>();
  const confirmed = await workflow.send.confirm({});
  same<Awaited<ReturnType<typeof confirmed.attach>>, void>();
  same<Awaited<ReturnType<typeof confirmed.output>>, object | undefined>();
  same<Awaited<ReturnType<typeof workflow.confirm>>, void>();
  // @ts-expect-error: its id makes it run once
  await workflow.submit({}, { idempotencyKey: "a" });
  // @ts-expect-error: the handle of the submission has it
  await workflow.attach();
}

export async function empties(): Promise<void> {
  const orders = createOrdersJsonClient(options);
  same<Awaited<ReturnType<typeof orders.clear>>, void>();
  same<Awaited<ReturnType<typeof orders.count>>, string>();
  await orders.send.clear({ delay: 1 });
  // @ts-expect-error: Empty has no fields, and there is no request to give
  await orders.clear({}, { timeoutMs: 1 });
}
