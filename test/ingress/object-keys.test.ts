// VIRTUAL_OBJECT and WORKFLOW services, whose keys travel in a header. test/go-service tests their clients.
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { remote } from "restate-connect/ingress";
import { createTransport } from "restate-connect/node";
import { describe, expect, it } from "vitest";
import { Ingress } from "../../generated/dev/restate/services_pb.ts";
import { Accounts, Signup } from "../../generated/org/example/accounts_pb.ts";
import { createAccountsClient, createSignupClient } from "../../generated/org/example/accounts_restate.ts";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { type Service, service } from "../../src/ingress/index.ts";
import { startIngress } from "./support.ts";

/** Handlers that return what they were called with. */
function services(): Service[] {
  return [
    service(Accounts, {
      credit: ({ cents }) => ({ cents }),
      getBalance: (_, { key, requestHeaders }) => {
        throw new ConnectError(`key ${key}, headers ${[...requestHeaders.keys()].join(" ")}`, Code.DataLoss);
      },
    }),
    service(Signup, {
      run: (_, { key = "" }) => ({ account: key }),
      confirm: () => {},
      getStatus: () => ({}),
    }),
    service(Greeter, {
      async greet({ name }, ctx) {
        switch (name) {
          case "credit":
            return {
              greeting: String((await ctx.client(createAccountsClient).key("a").credit({ cents: 3n })).cents),
            };
          case "look":
            await ctx.client(createAccountsClient).key("a").getBalance();
            return {};
          default: {
            const workflow = ctx.client(createSignupClient).workflow(name);
            await workflow.submit({ email: "a" });
            return { greeting: (await workflow.attach()).account };
          }
        }
      },
    }),
  ];
}

const key = (value: string) => ({ headers: { "x-restate-object-key": value } });

describe.each(["connect", "grpc", "grpc-web"] as const)("over %s", (protocol) => {
  it("a request without a key is refused, with the name of the header", async () => {
    await using ingress = await startIngress({ services: services() });
    const transport = createTransport({ protocol, baseUrl: ingress.url });
    const refusal = {
      code: Code.InvalidArgument,
      rawMessage:
        "header x-restate-object-key of a request to org.example.Accounts is the object key and must be a non-empty string",
    };
    await expect(createClient(Accounts, transport).credit({})).rejects.toMatchObject(refusal);
    await expect(createClient(Accounts, transport).credit({}, key(""))).rejects.toMatchObject(refusal);
    const send = { service: "org.example.Accounts", method: "Credit" };
    await expect(createClient(Ingress, transport).invoke(send)).rejects.toMatchObject(refusal);
  });

  it("any client calls and sends with the header", async () => {
    await using ingress = await startIngress({ services: services() });
    const transport = createTransport({ protocol, baseUrl: ingress.url });
    const { cents } = await createClient(Accounts, transport).credit({ cents: 2n }, key("a%2Fb"));
    expect(cents).toBe(2n);
    const send = { service: "org.example.Accounts", method: "Credit" };
    const { id } = await createClient(Ingress, transport).invoke(send, key("a%2Fb"));
    expect(id).toMatch(/^inv_1/);
  });

  it("the handler sees the key, decoded, and no header of it", async () => {
    await using ingress = await startIngress({ services: services() });
    const transport = createTransport({ protocol, baseUrl: ingress.url });
    const account = createAccountsClient(transport).key("ü/ %");
    await expect(account.getBalance({ headers: { "x-mine": "1" } })).rejects.toMatchObject({
      code: Code.DataLoss,
      rawMessage: expect.stringMatching(/^key ü\/ %, headers (?!.*x-restate).*x-mine/),
    });
  });

  it("a key that is not percent-encoded is refused", async () => {
    await using ingress = await startIngress({ services: services() });
    const transport = createTransport({ protocol, baseUrl: ingress.url });
    await expect(createClient(Accounts, transport).credit({}, key("100%"))).rejects.toMatchObject({
      code: Code.InvalidArgument,
      rawMessage: 'header x-restate-object-key is "100%": percent-encode it',
    });
  });

  it("a workflow's run takes no idempotency key and has one answer", async () => {
    await using ingress = await startIngress({ services: services() });
    const signup = createClient(Signup, createTransport({ protocol, baseUrl: ingress.url }));
    const headers = { "x-restate-object-key": "w", "idempotency-key": "a" };
    await expect(signup.run({}, { headers })).rejects.toMatchObject({
      code: Code.InvalidArgument,
      rawMessage: "org.example.Signup/Run runs once for each id of the workflow: leave idempotency-key out",
    });
    expect((await signup.run({}, key("w"))).account).toBe("w");
    await expect(signup.run({}, key("w"))).rejects.toMatchObject({
      code: Code.Aborted,
      rawMessage: "the workflow method was already invoked",
    });
  });
});

it("handlers call objects and submit workflows", async () => {
  await using ingress = await startIngress({ services: services() });
  const greeter = createGreeterClient(createTransport({ baseUrl: ingress.url }));
  expect((await greeter.greet({ name: "credit" })).greeting).toBe("3");
  expect((await greeter.greet({ name: "w" })).greeting).toBe("w");
  const sent = await greeter.send.greet({ name: "w" });
  expect((await sent.attach()).greeting).toBe("w");
  await expect(greeter.greet({ name: "look" })).rejects.toThrow(/key a, headers (?!.*x-restate-object-key)/);
});

it("a remote service has no handlers to run on the embedded engine, and says so", async () => {
  await using ingress = await startIngress({ services: [remote(Accounts)] });
  const account = createAccountsClient(createTransport({ baseUrl: ingress.url })).key("a");
  await expect(account.credit({ cents: 1n })).rejects.toMatchObject({
    code: Code.Unimplemented,
    rawMessage:
      "org.example.Accounts is remote, but this engine runs handlers itself: use the engine restate(...), or service() with handlers",
  });
});
