import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from "@connectrpc/connect-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Ingress } from "../../generated/dev/restate/services_pb.ts";
import { GreetRequestSchema, GreetResponseSchema } from "../../generated/org/example/greeter_pb.ts";
import { OrderSchema, ReceiptSchema } from "../../generated/org/example/orders_pb.ts";
import { InvocationState, Invocations } from "../../generated/restateconnect/v1/invocations_pb.ts";
import { http1, startIngress, type TestIngress } from "./support.ts";

let ingress: TestIngress;
beforeAll(async () => {
  ingress = await startIngress();
});
afterAll(() => ingress.close());

const pete = {
  case: "pb",
  value: toBinary(GreetRequestSchema, create(GreetRequestSchema, { name: "Pete" })),
} as const;
const greet = { service: "org.example.Greeter", method: "Greet", argument: pete };

const transports: Readonly<Record<string, (baseUrl: string) => Transport>> = {
  Connect: (baseUrl) => createConnectTransport({ baseUrl, httpVersion: "2" }),
  gRPC: (baseUrl) => createGrpcTransport({ baseUrl }),
  "gRPC-web": (baseUrl) => createGrpcWebTransport({ baseUrl, httpVersion: "1.1" }),
};

async function invokeJson(body: object, headers: Record<string, string> = {}) {
  const answer = await http1(`${ingress.url}/dev.restate.Ingress/Invoke`, {
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  return { ...answer, json: JSON.parse(answer.body.toString()) };
}

function invocations() {
  return createClient(Invocations, createConnectTransport({ baseUrl: ingress.url, httpVersion: "1.1" }));
}

describe.each(Object.entries(transports))("Invoke by %s", (_, createTransport) => {
  const client = () => createClient(Ingress, createTransport(ingress.url));
  const failure = (request: Parameters<ReturnType<typeof client>["invoke"]>[0], headers = {}) =>
    client()
      .invoke(request, { headers })
      .then(
        () => undefined,
        (reason: unknown) => ConnectError.from(reason),
      );

  it("accepts an invocation, whose outcome can be had by id", async () => {
    let header = new Headers();
    const { id } = await client().invoke(greet, {
      onHeader: (got) => {
        header = got;
      },
    });
    expect(id).toMatch(/^inv_1[0-9A-Za-z]{33}$/);
    expect(header.get("x-restate-id")).toBe(id);
    expect(header.get("x-restate-send-status")).toBe("accepted");
    const { pb } = await invocations().attach({ id });
    expect(fromBinary(GreetResponseSchema, pb).greeting).toBe("Hello Pete");
    const { invocation } = await invocations().get({ id });
    expect(invocation).toMatchObject({
      id,
      service: "org.example.Greeter",
      method: "Greet",
      state: InvocationState.SUCCEEDED,
      attempts: 1,
    });
  });

  it("takes no argument for the empty message", async () => {
    const { id } = await client().invoke({ service: "org.example.Greeter", method: "Greet" });
    const { pb } = await invocations().attach({ id });
    expect(fromBinary(GreetResponseSchema, pb).greeting).toBe("Hello ");
  });

  it("answers with the first id for a used idempotency key", async () => {
    const headers = { "idempotency-key": `once ${_}` };
    const first = await client().invoke(greet, { headers });
    let status: string | null = null;
    const second = await client().invoke(greet, {
      headers,
      onHeader: (got) => {
        status = got.get("x-restate-send-status");
      },
    });
    expect(second.id).toBe(first.id);
    expect(status).toBe("previously-accepted");
  });

  it("confirms a delay", async () => {
    const before = Date.now();
    let due = Number.NaN;
    const { id } = await client().invoke(greet, {
      headers: { "x-restate-delay": "3600000" },
      onHeader: (got) => {
        due = Date.parse(got.get("x-restate-execution-time") ?? "");
      },
    });
    expect(due).toBeGreaterThanOrEqual(before + 3_600_000);
    expect((await invocations().get({ id })).invocation?.state).toBe(InvocationState.SCHEDULED);
  });

  it.each(["soon", "-1", "1.5", ""])("refuses the delay %j", async (delay) => {
    expect(await failure(greet, { "x-restate-delay": delay })).toMatchObject({ code: Code.InvalidArgument });
  });

  it.each([
    [
      { ...greet, service: "org.example.Greter" },
      "Service 'org.example.Greter' not found; did you mean org.example.Greeter?",
    ],
    [
      { ...greet, service: "org.other.Nobody" },
      "Service 'org.other.Nobody' not found; it has: org.example.Greeter",
    ],
    [
      { ...greet, method: "Nothing" },
      "Service method 'org.example.Greeter/Nothing' not found; it has: Greet",
    ],
    [{ service: "grpc.health.v1.Health", method: "Check" }, "Service 'grpc.health.v1.Health' not found"],
  ])("does not find %j", async (request, message) => {
    expect(await failure(request)).toMatchObject({
      code: Code.NotFound,
      rawMessage: expect.stringContaining(message),
    });
  });

  it.each([
    [{ method: "Greet" }, "service"],
    [{ service: "org.example.Greeter" }, "method"],
  ])("says which field %j lacks", async (request, field) => {
    expect(await failure(request)).toMatchObject({
      code: Code.InvalidArgument,
      rawMessage: expect.stringContaining(`field ${field} of dev.restate.InvokeRequest is missing`),
    });
  });

  it("refuses an argument without a key, and an argument that is not such a message", async () => {
    expect(await failure({ service: "org.example.Counter", method: "Add" })).toMatchObject({
      code: Code.InvalidArgument,
      rawMessage: expect.stringContaining("field counter of org.example.AddRequest"),
    });
    expect(await failure({ ...greet, argument: { case: "pb", value: new Uint8Array([255]) } })).toMatchObject(
      {
        code: Code.InvalidArgument,
      },
    );
    expect(await failure({ ...greet, argument: { case: "payload", value: { name: 5 } } })).toMatchObject({
      code: Code.InvalidArgument,
      rawMessage: expect.stringContaining("org.example.GreetRequest.name"),
    });
  });
});

describe("Invoke in JSON", () => {
  it.each(["payload", "argument", "json"])("takes the request as %s", async (field) => {
    const { status, json } = await invokeJson({
      service: "org.example.Greeter",
      method: "Greet",
      [field]: { name: "Pete" },
    });
    expect(status).toBe(200);
    expect(Object.keys(json)).toEqual(["id"]);
    const { pb } = await invocations().attach({ id: json.id });
    expect(fromBinary(GreetResponseSchema, pb).greeting).toBe("Hello Pete");
  });

  it("takes enums by number, 64-bit integers as strings, and base64 in pb", async () => {
    const { json } = await invokeJson({
      service: "org.example.Orders",
      method: "Place",
      argument: { number: "9007199254740993", priority: 2 },
    });
    const receipt = fromBinary(ReceiptSchema, (await invocations().attach({ id: json.id })).pb);
    expect(receipt.order).toEqual(create(OrderSchema, { number: 9007199254740993n, priority: 2 }));
    const { status } = await invokeJson({
      ...greet,
      argument: undefined,
      pb: Buffer.from(pete.value).toString("base64"),
    });
    expect(status).toBe(200);
  });

  it.each([
    ["both pb and argument", { pb: "", argument: {} }, 400],
    ["an argument that is not an object", { argument: [1] }, 400],
    ["an unknown field", { arguments: {} }, 400],
    ["an unknown field of the target", { argument: { nme: "Pete" } }, 400],
  ])("refuses %s", async (_, argument, expected) => {
    const { status, json } = await invokeJson({
      service: "org.example.Greeter",
      method: "Greet",
      ...argument,
    });
    expect(status).toBe(expected);
    expect(json.message).toBeTypeOf("string");
  });

  it.each([
    ["an unknown field", { nme: "Pete" }],
    ["a value of a wrong type", { name: 5 }],
  ])("refuses %s of the argument as a call does", async (_, argument) => {
    const inCall = await http1(`${ingress.url}/org.example.Greeter/Greet`, {
      headers: { "content-type": "application/json" },
      body: JSON.stringify(argument),
    });
    const { status, json } = await invokeJson({ service: "org.example.Greeter", method: "Greet", argument });
    expect(json).toEqual(JSON.parse(inCall.body.toString()));
    expect(json.code).toBe("invalid_argument");
    expect(status).toBe(inCall.status);
  });
});

describe("Invocations", () => {
  it("answers Attach with the invocation's own error", async () => {
    const { json } = await invokeJson({ ...greet, argument: { name: "not found" } });
    const error = await invocations().attach({ id: json.id }).catch(ConnectError.from);
    expect(error).toMatchObject({ code: Code.NotFound, rawMessage: "no such person: 100 % sure, ünd sorry" });
    expect((error as ConnectError).findDetails(GreetResponseSchema)).toHaveLength(1);
    expect((await invocations().get({ id: json.id })).invocation).toMatchObject({
      state: InvocationState.FAILED,
      lastFailure: { code: "not_found" },
    });
  });

  it("ends Attach at the caller's deadline, and the invocation goes on", async () => {
    const { json } = await invokeJson({ ...greet, argument: { name: "forever" } });
    await expect(invocations().attach({ id: json.id }, { timeoutMs: 50 })).rejects.toMatchObject({
      code: Code.DeadlineExceeded,
    });
    expect((await invocations().get({ id: json.id })).invocation?.state).toBe(InvocationState.RUNNING);
  });

  it.each(["", "nonsense", "inv_1zzz"])("refuses the id %j", async (id) => {
    await expect(invocations().attach({ id })).rejects.toMatchObject({ code: Code.InvalidArgument });
    await expect(invocations().get({ id })).rejects.toMatchObject({ code: Code.InvalidArgument });
  });

  it("does not find an id that was never given", async () => {
    const { json } = await invokeJson({ ...greet, argument: {} });
    const other = json.id.slice(0, 16) + (json.id.at(16) === "0" ? "1" : "0") + json.id.slice(17);
    await expect(invocations().attach({ id: other })).rejects.toMatchObject({ code: Code.NotFound });
    await expect(invocations().get({ id: other })).rejects.toMatchObject({ code: Code.NotFound });
  });

  it("ends Attach with unavailable when the server closes", async () => {
    const other = await startIngress();
    const client = createClient(Ingress, createConnectTransport({ baseUrl: other.url, httpVersion: "1.1" }));
    const { id } = await client.invoke({
      ...greet,
      argument: { case: "payload", value: { name: "forever" } },
    });
    const attach = createClient(Invocations, createGrpcTransport({ baseUrl: other.url })).attach({ id });
    const ended = expect(attach).rejects.toMatchObject({ code: Code.Unavailable });
    await expect
      .poll(
        async () =>
          (await createClient(Invocations, createGrpcTransport({ baseUrl: other.url })).get({ id }))
            .invocation?.state,
      )
      .toBe(InvocationState.RUNNING);
    await other.close();
    await ended;
  });
});

describe("idempotency keys", () => {
  const ask = (key: string, name: string, more: Record<string, string> = {}) =>
    http1(`${ingress.url}/org.example.Greeter/Greet`, {
      headers: { "content-type": "application/json", "idempotency-key": key, ...more },
      body: JSON.stringify({ name }),
    });

  it("replay the outcome, and tell until when", async () => {
    const before = Date.now();
    const first = await ask("replay", "Pete", { "idempotency-retention-period": "60" });
    const second = await ask("replay", "Pete");
    expect(second.body).toEqual(first.body);
    expect(second.headers["x-restate-id"]).toBe(first.headers["x-restate-id"]);
    const expires = Date.parse(first.headers["idempotency-expires"] ?? "");
    expect(expires).toBeGreaterThanOrEqual(before + 60_000);
    expect(expires).toBeLessThanOrEqual(Date.now() + 60_000);
  });

  it("replay an error, with its headers", async () => {
    const first = await ask("replay an error", "not found");
    const second = await ask("replay an error", "not found");
    expect(second.status).toBe(404);
    expect(second.body).toEqual(first.body);
    expect(second.headers["idempotency-expires"]).toBe(first.headers["idempotency-expires"]);
    expect(second.headers["x-reason"]).toBe("unknown");
  });

  it("are refused with another request", async () => {
    await ask("changed", "Pete");
    const { status, body } = await ask("changed", "Paul");
    expect(status).toBe(409);
    expect(JSON.parse(body.toString()).code).toBe("already_exists");
  });
});
