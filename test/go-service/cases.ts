import { Code, type Transport } from "@connectrpc/connect";
import { invocation } from "restate-connect";
import { expect, it } from "vitest";
import { SignupResponseSchema } from "../../generated/org/example/accounts_pb.ts";
import { createAccountsClient, createSignupClient } from "../../generated/org/example/accounts_restate.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { InvocationState } from "../../generated/restateconnect/v1/invocations_pb.ts";

let names = 0;

/** The behaviour of typed clients, for services in any language, with and without an ingress. */
export function itBehaves(way: string, transport: () => Transport): void {
  const unique = () => `${way}/ü %2F ${names++}`;

  it("calls a service", async () => {
    const { greeting } = await createGreeterClient(transport()).greet({ name: "Pete" });
    expect(greeting).toMatch(/^Hello Pete from (Go|TypeScript)$/);
  });

  it("sends to a service, and attaches", async () => {
    const sent = await createGreeterClient(transport()).send.greet({ name: "Ann" });
    expect((await sent.attach()).greeting).toMatch(/^Hello Ann from /);
  });

  it("calls one object of many, by a key that needs encoding", async () => {
    const accounts = createAccountsClient(transport());
    const [one, other] = [accounts.key(unique()), accounts.key(unique())];
    expect((await one.credit({ cents: 5n })).cents).toBe(5n);
    expect((await one.credit({ cents: 2n ** 53n + 1n })).cents).toBe(2n ** 53n + 6n);
    expect((await other.credit({ cents: 1n })).cents).toBe(1n);
    expect((await one.getBalance()).cents).toBe(2n ** 53n + 6n);
  });

  it("sends to an object once for an idempotency key, and joins it with a call", async () => {
    const account = createAccountsClient(transport()).key(unique());
    const options = { idempotencyKey: "first" };
    const sent = await account.send.credit({ cents: 7n }, options);
    expect((await account.credit({ cents: 7n }, options)).cents).toBe(7n);
    expect((await sent.attach()).cents).toBe(7n);
    expect((await account.getBalance()).cents).toBe(7n);
  });

  it("delays a send", async () => {
    const account = createAccountsClient(transport()).key(unique());
    const sent = await account.send.credit({ cents: 1n }, { delay: 50 });
    expect((await sent.attach()).cents).toBe(1n);
  });

  it("reports the error of a handler", async () => {
    const key = unique();
    const account = createAccountsClient(transport()).key(key);
    await expect(account.credit({ cents: -1n })).rejects.toMatchObject({
      code: Code.FailedPrecondition,
      rawMessage: expect.stringContaining(`${key} has too little`),
    });
  });

  it("submits a workflow, asks it, and waits for its end", async () => {
    const workflow = createSignupClient(transport()).workflow(unique());
    const submitted = await workflow.submit({ email: "pete@example.org" });
    expect(await workflow.output()).toBeUndefined();
    await expect.poll(async () => (await workflow.getStatus()).status).toBe("waits for pete@example.org");
    const attached = workflow.attach();
    expect(await workflow.confirm({ code: "1234" })).toBeUndefined();
    const { account } = await attached;
    expect(await workflow.output()).toMatchObject({ account });
    expect(await submitted.attach()).toMatchObject({ account });
    expect((await submitted.get()).state).toBe(InvocationState.SUCCEEDED);
    expect(await invocation(transport(), submitted.id, SignupResponseSchema).attach()).toMatchObject({
      account,
    });
  });

  it("runs a workflow once, however often it is submitted", async () => {
    const workflow = createSignupClient(transport()).workflow(unique());
    const first = await workflow.submit({ email: "first" });
    const second = await workflow.submit({ email: "second" });
    expect(second.id).toBe(first.id);
    await workflow.send.confirm({ code: "1" });
    await second.attach();
    expect((await workflow.submit({ email: "third" })).id).toBe(first.id);
  });

  it("reports the error of a workflow", async () => {
    const workflow = createSignupClient(transport()).workflow(unique());
    await workflow.submit({ email: "a" });
    await workflow.confirm({ code: "wrong" });
    const failure = { code: Code.PermissionDenied, rawMessage: expect.stringContaining("the code is wrong") };
    await expect(workflow.attach()).rejects.toMatchObject(failure);
    await expect(workflow.output()).rejects.toMatchObject(failure);
  });

  it("knows nothing of a workflow that was not submitted", async () => {
    const workflow = createSignupClient(transport()).workflow(unique());
    await expect(workflow.attach()).rejects.toMatchObject({ code: Code.NotFound });
    await expect(workflow.output()).rejects.toMatchObject({ code: Code.NotFound });
  });
}
