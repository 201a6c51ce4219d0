// Invocations by id, workflow and idempotency key: who may ask for what. What they answer is in test/behaviour.
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { type CallOptions, invocation } from "restate-connect";
import { describe, expect, it } from "vitest";
import { Accounts, Signup } from "../../generated/org/example/accounts_pb.ts";
import { createSignupClient } from "../../generated/org/example/accounts_restate.ts";
import { Counter } from "../../generated/org/example/counter_pb.ts";
import { Greeter, GreetResponseSchema } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { Invocations } from "../../generated/restateconnect/v1/invocations_pb.ts";
import { service } from "../../src/ingress/index.ts";
import { createTransport } from "../../src/transport/node.ts";
import { startIngress } from "./support.ts";

describe("cancel", () => {
  it.each(["connect", "grpc", "grpc-web"] as const)(
    "is refused unless the ingress allows it, over %s",
    async (protocol) => {
      await using ingress = await startIngress();
      const transport = createTransport({ baseUrl: ingress.url, protocol });
      const sent = await createGreeterClient(transport).send.greet({ name: "a" }, { delay: 60_000 });
      await expect(sent.cancel()).rejects.toMatchObject({
        code: Code.PermissionDenied,
        rawMessage: expect.stringContaining("createIngress({ allowCancel: true })"),
      });
      expect(await sent.output()).toBeUndefined();
    },
  );

  it.each(["connect", "grpc", "grpc-web"] as const)(
    "goes to the admin port, where the transport knows it, over %s",
    async (protocol) => {
      await using ingress = await startIngress();
      const transport = createTransport({ baseUrl: ingress.url, adminUrl: ingress.adminUrl, protocol });
      const greeter = createGreeterClient(transport);
      const idempotencyKey = "a";
      const sent = await greeter.send.greet({ name: "a" }, { delay: 60_000, idempotencyKey });
      await invocation(transport, { method: Greeter.method.greet, idempotencyKey }).cancel();
      await expect(sent.attach()).rejects.toMatchObject({ code: Code.Canceled });
      const other = await greeter.send.greet({ name: "b" }, { delay: 60_000 });
      await other.cancel();
      await expect(other.attach()).rejects.toMatchObject({ code: Code.Canceled });
    },
  );

  it("is allowed for handlers, even if callers may not", async () => {
    const stopping = service(Greeter, {
      async greet({ name }, ctx) {
        await ctx.client((transport) => invocation(transport, name, GreetResponseSchema)).cancel();
        return {};
      },
    });
    await using ingress = await startIngress({ services: [stopping] });
    const greeter = createGreeterClient(createTransport({ baseUrl: ingress.url }));
    const sent = await greeter.send.greet({ name: "a" }, { delay: 60_000 });
    await greeter.greet({ name: sent.id });
    await expect(sent.attach()).rejects.toMatchObject({ code: Code.Canceled });
  });

  it("is for whom authenticate lets, where the ingress allows it", async () => {
    await using ingress = await startIngress({
      allowCancel: true,
      authenticate({ method, headers }) {
        if (method === Invocations.method.cancel && headers.get("x-user") !== "root") {
          throw new ConnectError("not for you", Code.PermissionDenied);
        }
        return undefined;
      },
    });
    const greeter = createGreeterClient(createTransport({ baseUrl: ingress.url }));
    const sent = await greeter.send.greet({ name: "a" }, { delay: 60_000 });
    await expect(sent.cancel()).rejects.toMatchObject({ rawMessage: "not for you" });
    await sent.cancel({ headers: { "x-user": "root" } });
    await expect(sent.attach()).rejects.toMatchObject({ code: Code.Canceled });
  });
});

describe("a name that may be guessed", () => {
  it("is for those who may invoke the method", async () => {
    const signup = service(Signup, {
      run: () => ({ account: "a" }),
      confirm: () => {},
      getStatus: () => ({}),
    });
    const greeter = service(Greeter, { greet: () => ({ greeting: "a secret" }) });
    await using ingress = await startIngress({
      services: [signup, greeter],
      allowCancel: true,
      authenticate({ method: { parent }, headers }) {
        if (parent !== Invocations && headers.get("x-user") !== "pete") {
          throw new ConnectError("not for you", Code.PermissionDenied);
        }
        return undefined;
      },
    });
    const transport = createTransport({ baseUrl: ingress.url });
    const pete: CallOptions = { headers: { "x-user": "pete" } };
    const refused = { code: Code.PermissionDenied, rawMessage: "not for you" };

    const workflow = createSignupClient(transport).workflow("guessed");
    await workflow.submit({}, pete);
    await expect(workflow.attach()).rejects.toMatchObject(refused);
    await expect(workflow.output()).rejects.toMatchObject(refused);
    expect(await workflow.attach(pete)).toMatchObject({ account: "a" });

    const idempotencyKey = "guessed";
    await createGreeterClient(transport).greet({}, { ...pete, idempotencyKey });
    const greeting = invocation(transport, { method: Greeter.method.greet, idempotencyKey });
    for (const ask of [greeting.attach, greeting.output, greeting.get, greeting.cancel]) {
      await expect(ask()).rejects.toMatchObject(refused);
    }
    expect(await greeting.attach(pete)).toMatchObject({ greeting: "a secret" });
  });
});

describe("a reference", () => {
  it("names a method with the key that it needs, and none that it cannot have", () => {
    const transport = createTransport({ baseUrl: "http://127.0.0.1:1" });
    const handle = (given: Partial<Parameters<typeof invocation>[1] & object>) => () =>
      invocation(transport, { method: Greeter.method.greet, idempotencyKey: "k", ...given });
    const invalid = (rawMessage: string) =>
      expect.objectContaining({
        code: Code.InvalidArgument,
        rawMessage: expect.stringContaining(rawMessage),
      });
    expect(handle({ key: "a" })).toThrow(invalid("org.example.Greeter has no keys: leave key out"));
    expect(handle({ method: Counter.method.add })).toThrow(invalid("the key of org.example.Counter is the"));
    expect(handle({ method: Accounts.method.credit, key: "" })).toThrow(invalid("org.example.Accounts is"));
    const { run, confirm } = Signup.method;
    expect(() => invocation(transport, { method: run, workflowId: "" })).toThrow(
      invalid("workflowId of org.example.Signup"),
    );
    expect(() => invocation(transport, { method: confirm, workflowId: "a" })).toThrow(
      invalid("Confirm is not what a workflow runs"),
    );
    expect(handle({ idempotencyKey: "ü" })).toThrow(invalid("printable ASCII"));
  });

  it("from another client is checked by the ingress", async () => {
    await using ingress = await startIngress();
    const client = createClient(Invocations, createTransport({ baseUrl: ingress.url }));
    const attach = (given: object) =>
      client.attach({
        idempotentInvocation: { service: Counter.typeName, method: "Add", key: "a", ...given },
      });
    await expect(attach({ idempotencyKey: "" })).rejects.toMatchObject({ code: Code.InvalidArgument });
    await expect(attach({ idempotencyKey: "k", key: "" })).rejects.toMatchObject({
      code: Code.InvalidArgument,
    });
    await expect(attach({ idempotencyKey: "k", method: "Sub" })).rejects.toMatchObject({
      code: Code.NotFound,
    });
    await expect(client.attach({ workflow: { service: "a.B", id: "c" } })).rejects.toMatchObject({
      code: Code.NotFound,
      rawMessage: "there is no workflow a.B",
    });
  });
});
