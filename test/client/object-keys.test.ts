import { Code, ConnectError, type ConnectRouter, createRouterTransport } from "@connectrpc/connect";
import { retry } from "restate-connect";
import { describe, expect, it } from "vitest";
import { Ingress } from "../../generated/dev/restate/services_pb.ts";
import { Accounts, Signup } from "../../generated/org/example/accounts_pb.ts";
import { createAccountsClient, createSignupClient } from "../../generated/org/example/accounts_restate.ts";
import { Invocations } from "../../generated/restateconnect/v1/invocations_pb.ts";

/** A request as a server saw it. */
interface Seen {
  readonly method: string;
  readonly headers: Headers;
  readonly message: unknown;
}

/** A server that records what it is asked. */
function recording(seen: Seen[]) {
  return ({ service }: ConnectRouter) => {
    const note = (method: string, message: unknown, headers: Headers) => {
      seen.push({ method, message, headers });
    };
    service(Accounts, {
      credit(request, { requestHeader }) {
        note("Credit", request, requestHeader);
        return { cents: request.cents };
      },
      getBalance(_, { requestHeader }) {
        note("GetBalance", undefined, requestHeader);
        return {};
      },
    });
    service(Signup, {
      run: () => ({}),
      confirm(request, { requestHeader }) {
        note("Confirm", request, requestHeader);
        return {};
      },
      getStatus: () => ({}),
    });
    service(Ingress, {
      invoke(request, { requestHeader }) {
        note("Invoke", request, requestHeader);
        return { id: "inv_1test" };
      },
    });
    service(Invocations, {
      attach(request, { requestHeader }) {
        note("Attach", request, requestHeader);
        return { pb: new Uint8Array([10, 1, 65]) };
      },
      output(request, { requestHeader }) {
        note("Output", request, requestHeader);
        return request.workflow?.id === "runs" ? {} : { pb: new Uint8Array([10, 1, 65]) };
      },
    });
  };
}

const encoded = "a%20b%2F%C3%BC";
const plain = "a b/ü";

describe("a VIRTUAL_OBJECT's client", () => {
  it("sends the key in a header, percent-encoded", async () => {
    const seen: Seen[] = [];
    const account = createAccountsClient(createRouterTransport(recording(seen))).key(plain);
    const { cents } = await account.credit({ cents: 5n }, { headers: { "x-mine": "1" } });
    await account.getBalance({ idempotencyKey: "k" });
    await account.send.credit({ cents: 6n });
    expect(cents).toBe(5n);
    expect(seen.map(({ method }) => method)).toEqual(["Credit", "GetBalance", "Invoke"]);
    expect(seen.map(({ headers }) => headers.get("x-restate-object-key"))).toEqual([
      encoded,
      encoded,
      encoded,
    ]);
    expect(seen[0]?.headers.get("x-mine")).toBe("1");
    expect(seen[1]?.headers.get("idempotency-key")).toBe("k");
    expect(seen[2]?.message).toMatchObject({ service: "org.example.Accounts", method: "Credit" });
  });

  it.each(["", undefined, 7])("refuses the key %s", (key) => {
    const accounts = createAccountsClient(createRouterTransport(recording([])));
    expect(() => accounts.key(key as string)).toThrow(/argument of key\(\) of org\.example\.Accounts/);
  });

  it("refuses a key that no URL can hold", async () => {
    const seen: Seen[] = [];
    const account = createAccountsClient(createRouterTransport(recording(seen))).key("\ud800");
    await expect(account.getBalance()).rejects.toMatchObject({ code: Code.InvalidArgument });
    expect(seen).toEqual([]);
  });
});

describe("a workflow's client", () => {
  it("submits the run with the workflow's id as its key, and gives its handle", async () => {
    const seen: Seen[] = [];
    const workflow = createSignupClient(createRouterTransport(recording(seen))).workflow(plain);
    const submitted = await workflow.submit({ email: "a" });
    expect(submitted.id).toBe("inv_1test");
    expect((await submitted.attach()).account).toBe("A");
    expect(seen.map(({ method }) => method)).toEqual(["Invoke", "Attach"]);
    expect(seen[0]?.message).toMatchObject({ service: "org.example.Signup", method: "Run" });
    expect(seen[0]?.headers.get("x-restate-object-key")).toBe(encoded);
    expect(seen[1]?.message).toMatchObject({ id: "inv_1test" });
  });

  it("attaches by the workflow's id", async () => {
    const seen: Seen[] = [];
    const workflow = createSignupClient(createRouterTransport(recording(seen))).workflow(plain);
    expect((await workflow.attach()).account).toBe("A");
    expect(seen[0]?.message).toMatchObject({ workflow: { service: "org.example.Signup", id: plain } });
  });

  it("asks once for its output, which may not be there", async () => {
    const seen: Seen[] = [];
    const client = createSignupClient(createRouterTransport(recording(seen)));
    expect(await client.workflow("runs").output()).toBeUndefined();
    expect((await client.workflow(plain).output())?.account).toBe("A");
    expect(seen).toMatchObject([
      { method: "Output", message: { workflow: { service: "org.example.Signup", id: "runs" } } },
      { method: "Output", message: { workflow: { service: "org.example.Signup", id: plain } } },
    ]);
  });

  it("calls and sends to its other handlers", async () => {
    const seen: Seen[] = [];
    const workflow = createSignupClient(createRouterTransport(recording(seen))).workflow(plain);
    expect(await workflow.confirm({ code: "1" })).toBeUndefined();
    await workflow.send.confirm({ code: "2" }, { idempotencyKey: "k" });
    expect(seen.map(({ method }) => method)).toEqual(["Confirm", "Invoke"]);
    expect(seen.map(({ headers }) => headers.get("x-restate-object-key"))).toEqual([encoded, encoded]);
  });

  it("refuses an empty id", () => {
    const signup = createSignupClient(createRouterTransport(recording([])));
    expect(() => signup.workflow("")).toThrow(/argument of workflow\(\) of org\.example\.Signup/);
  });
});

describe("retries", () => {
  it("repeat a submit without an idempotency key, which Restate refuses, and other sends with one", async () => {
    const keys: (string | null)[] = [];
    const transport = createRouterTransport(
      ({ service }) => {
        service(Ingress, {
          invoke(_, { requestHeader }) {
            keys.push(requestHeader.get("idempotency-key"));
            if (keys.length % 2 === 1) {
              throw new ConnectError("away", Code.Unavailable);
            }
            return { id: "inv_1test" };
          },
        });
      },
      { transport: { interceptors: [retry({ initialIntervalMs: 1 })] } },
    );
    const workflow = createSignupClient(transport).workflow("a");
    await workflow.submit({});
    await workflow.send.confirm({});
    expect(keys.slice(0, 2)).toEqual([null, null]);
    expect(keys[2]).toMatch(/^[0-9a-f]{32}$/);
    expect(keys[3]).toBe(keys[2]);
  });
});
